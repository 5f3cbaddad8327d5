"""Scripts that the peers' own Pythons run; they can import nothing of this project."""
