"""What is refused of lists and of things done to many customers."""

from services.base.errors import ConflictError, InvalidInputError, NotFoundError
from services.base.texts import N_


class NobodyChosenError(InvalidInputError):
    """Nobody fits, or whoever was chosen is not there any more."""

    def __init__(self) -> None:
        """Say it."""
        super().__init__(N_("There is nobody to do this for."))


class UnknownActionError(NotFoundError):
    """Not this restaurant's, or longer than a day ago."""

    def __init__(self) -> None:
        """Say it."""
        super().__init__(N_("This can no longer be undone."))


class ActionUndoneError(ConflictError):
    """Somebody was faster."""

    def __init__(self) -> None:
        """Say it."""
        super().__init__(N_("This was undone already."))


class UnknownViewError(NotFoundError):
    """Somebody else's view, another restaurant's, or a deleted one."""

    def __init__(self) -> None:
        """Say it."""
        super().__init__(N_("This view is not there any more."))
