"""The HTTP edge: what is answered without a State."""
