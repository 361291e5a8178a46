"""Copies of a whole installation: made while it runs, put back when it does not."""
