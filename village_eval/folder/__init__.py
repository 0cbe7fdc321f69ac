"""The tidy county folder: read whole with every problem at once, checked, written; the codebook."""
