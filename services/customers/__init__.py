"""What a restaurant knows about the guests who agreed to be remembered."""
