"""Opening recordings and projects, saving them, and what was left unfinished."""
