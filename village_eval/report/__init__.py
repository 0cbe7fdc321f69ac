"""What people see.

Sentences, page one, figures, tables, formats, the result folder, compare, index.
"""
