"""Inference for few townships and few quiet years."""
