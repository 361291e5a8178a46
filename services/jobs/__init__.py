"""Work that is not a request: what runs by the clock, once however many processes tick."""
