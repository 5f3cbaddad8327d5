"""Recording in the window: devices, level, the growing picture, notes while they are played."""
