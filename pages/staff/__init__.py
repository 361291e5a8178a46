"""Screens of people who log in."""
