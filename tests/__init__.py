"""All tests: rules, services on both databases, screens, the product in a browser."""
