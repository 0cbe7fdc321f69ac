"""What would have been without a campaign.

Listing rule, outcomes, history, contrast, refits, years.
"""
