"""What happens with a guest: they arrive, choose, come back on another phone, are two no more."""
