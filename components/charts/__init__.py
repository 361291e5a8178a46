"""Charts: one component, one look, a table behind each. Only pages that show charts load them."""
