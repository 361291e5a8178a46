"""A guest's card, a file for each of its parts."""
