"""One function per picture.

They take findings and frames and a language, compute no effects, and return a Picture.
"""
