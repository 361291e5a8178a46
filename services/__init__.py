"""What the product does: one module or folder a feature; no Reflex, no HTTP."""
