"""The floor plan's editor: an own React piece on @xyflow/react, wrapped for Reflex."""
