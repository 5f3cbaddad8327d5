"""Other transcribers on the same recordings, each in its own virtual environment."""
