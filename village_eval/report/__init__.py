"""What people see: sentences, page one, figures, tables, formats, the result folder, compare,
index."""
