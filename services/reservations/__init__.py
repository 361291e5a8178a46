"""Reservations and the waitlist: who comes when, at which table, and how long others wait."""
