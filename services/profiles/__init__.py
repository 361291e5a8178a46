"""Facts of one customer, counted from visits and orders."""
