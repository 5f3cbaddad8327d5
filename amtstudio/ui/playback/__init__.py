"""Playback in the window: the bar below the notes, its menu and keys."""
