"""Editing in the window: its menus and the table of notes."""
