"""What would have been without a campaign: listing rule, outcomes, history, contrast, refits,
years."""
