"""From the cart to the kitchen and the table: carts, orders, the board."""
