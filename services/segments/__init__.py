"""Groups of customers: criteria that owners can read, and who meets them."""
