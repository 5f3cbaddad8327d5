"""How notes are displayed: thresholds, colours, lanes, the part in view."""
