"""The menu: what guests read and order from, and how staff change it."""
