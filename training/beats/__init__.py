"""The beat tracker: its music, its training and its figures."""
