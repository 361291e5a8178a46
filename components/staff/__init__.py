"""Pieces of staff screens."""
