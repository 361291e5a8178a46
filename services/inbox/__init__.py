"""What others tell this installation: stored once, answered at once, worked once."""
