"""One guest's card, read part by part: each holds what the person who looks may see, no more."""
