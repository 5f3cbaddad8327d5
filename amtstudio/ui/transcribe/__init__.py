"""Transcribing in the window: the list of recordings, the models, transcribing again."""
