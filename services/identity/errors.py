"""Why something about a guest's identity is refused."""

from services.base.errors import ConflictError, ForbiddenError


class MergeRefusedError(ConflictError):
    """These two customers are proven to be different people, or one of them is gone."""


class UnmergeRefusedError(ConflictError):
    """Something later builds on this merge; it must be undone first."""


class ConsentRefusedError(ForbiddenError):
    """A guest may not be remembered this way: nobody asked, or the browser says no."""
