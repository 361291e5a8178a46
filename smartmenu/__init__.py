"""How the product is wired and started: Reflex app, HTTP edge, worker, command line."""
