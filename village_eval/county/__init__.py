"""What a county is.

Its campaign, its tables as contracts, the panel, what was known on a day, privacy, disclosure.
"""
