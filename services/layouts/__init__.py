"""Layouts of the room: drafts that are drawn, shared by several editors, printed and published."""
