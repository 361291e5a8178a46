"""The words of a screen, as its parts get them."""

from reflex.vars import ObjectVar

# One page's words by their keys: `texts["title"]`.
Texts = ObjectVar[dict[str, str]]
