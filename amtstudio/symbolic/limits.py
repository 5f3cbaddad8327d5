"""The limits of times."""

MAX_TIME = 7 * 24 * 3600.0  # seconds; beyond any recording, and ticks stay within 32 bits
