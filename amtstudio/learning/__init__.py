"""Learning from recordings: losses, pseudo-labels, teachers, the trainer, and the gate."""
