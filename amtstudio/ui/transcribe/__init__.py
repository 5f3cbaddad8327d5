"""Transcribing in the window: the list of recordings, the models, what is heard again."""
