"""The guide, the sheet of keys, reports of problems."""
