"""The tracks of a document in the window."""
