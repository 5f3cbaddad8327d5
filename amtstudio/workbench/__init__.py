"""The window's work on recordings that needs no window: transcription, picture, models."""
