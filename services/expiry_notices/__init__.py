"""A word to guests before points of theirs expire, where they have agreed to be written to."""
