"""What it takes to learn a drummer's own recordings: drumming to rehearse, and a teacher."""
