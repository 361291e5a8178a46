"""The room: printed codes, sittings, the state of tables."""
