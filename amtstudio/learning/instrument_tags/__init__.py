"""The instrument detector learns from what the user says of who plays."""
