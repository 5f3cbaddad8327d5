"""How notes are looked at: thresholds, colours, lanes, the part in view."""
