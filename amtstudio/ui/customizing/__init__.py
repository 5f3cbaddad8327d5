"""Preferences, keyboard shortcuts and appearance."""
