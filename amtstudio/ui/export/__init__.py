"""Exports: notes, sound, pictures, of one recording or of all."""
