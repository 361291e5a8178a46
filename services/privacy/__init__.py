"""What may be done with a guest's data, how long it is kept, how it is handed out and erased."""
