"""What the shapes of tables mean; `room_types.SHAPES` lists them."""

# Table tops with a round edge; a place at the bar is a stool.
ROUND_SHAPES = frozenset({"round", "oval", "bar"})
# As wide as they are long.
EVEN_SHAPES = frozenset({"round", "square", "bar"})
# One seat that needs no chair drawn beside it.
CHAIRLESS_SHAPES = frozenset({"bar", "stool"})
# Places that nobody pushes to another table.
FIXED_SHAPES = frozenset({"bar", "stool", "booth"})
