"""Printed codes: what they hold, as pictures and as sheets to cut."""
