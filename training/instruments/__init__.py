"""Material, losses, training and measuring of the instrument detector."""
