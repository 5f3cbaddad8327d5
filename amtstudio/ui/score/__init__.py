"""The score of the notes, in a panel that is closed until requested."""
