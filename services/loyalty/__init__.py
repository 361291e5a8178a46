"""Points, tiers and rewards of guests who asked to be remembered (docs/algorithms/loyalty.md)."""
