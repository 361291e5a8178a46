"""How the product is wired and started: the Reflex app, the HTTP edge, the worker, the command line."""
