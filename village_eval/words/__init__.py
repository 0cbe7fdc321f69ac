"""The vocabulary, one catalogue per language, numbers and dates as readers write them, messages, a
table as a value, fonts."""
