"""The room as staff see it: where tables stand, what state they are in, who sits there."""
