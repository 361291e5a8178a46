"""Dashboards and reports: the same numbers on the screen, in a file and on paper."""
