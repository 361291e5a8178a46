"""The demo restaurant: its menu and room as written down, and a simulated year of guests."""
