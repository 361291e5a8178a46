"""Numbers about what happened: defined once, counted ahead of time, explained."""
