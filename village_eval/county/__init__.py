"""What a county is: its campaign, its tables as contracts, the panel, what was known on a day,
privacy, disclosure."""
