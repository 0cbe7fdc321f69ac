"""Where a county comes from: the tidy folder, and the bureaus' own files."""

from village_eval.sources.folder import read_county, write_county

__all__ = ["read_county", "write_county"]
