"""The offices' own files (workbooks, registers), read into a tidy county folder."""
