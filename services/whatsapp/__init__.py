"""Messages to and from guests through Meta's Cloud API."""
