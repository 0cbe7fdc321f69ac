"""Everything that is said: vocabulary, catalogues, messages, fonts.

One catalogue per language; numbers and dates as its readers write them.
"""
