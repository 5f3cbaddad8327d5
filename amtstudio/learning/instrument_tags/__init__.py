"""Adapting the instrument detector to the user's tags of who plays."""
