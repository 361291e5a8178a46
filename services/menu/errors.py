"""What the menu refuses."""

from services.base.errors import NotFoundError


class NoSuchMenuPart(NotFoundError):
    """A category, dish, group or modifier that is not on this restaurant's menu."""
