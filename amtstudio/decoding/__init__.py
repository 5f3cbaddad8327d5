"""Activations to notes and pedal."""
