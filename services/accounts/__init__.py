"""Who logs in, and what each role may do."""
