"""Training on a GPU that also makes the clips, from material packed small."""
