"""Learning from a drummer's own recordings: drumming to rehearse, and a teacher."""
