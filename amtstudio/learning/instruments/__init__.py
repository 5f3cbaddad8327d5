"""Music on computed instruments: gestures, sources of sound, and clips of both to rehearse with."""
