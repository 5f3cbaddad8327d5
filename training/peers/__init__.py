"""Other transcribers on the same recordings, each in a virtual environment of its own."""
