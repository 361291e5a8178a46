"""Pieces of guest screens."""
