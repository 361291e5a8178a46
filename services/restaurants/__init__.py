"""The restaurant: what its owner has set, and when it is open."""
