"""Decode, mix down, resample."""
