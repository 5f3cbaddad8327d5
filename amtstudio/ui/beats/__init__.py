"""Beats and bars in the window."""
