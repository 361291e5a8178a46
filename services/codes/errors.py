"""What staff are refused about printed codes."""

from services.base.errors import ConflictError, NotFoundError
from services.base.texts import N_


class UnknownCodeError(NotFoundError):
    """There is no such code here, or it was replaced already."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(N_("There is no such code here."))


class UnknownPlaceError(NotFoundError):
    """The table or area that a code was to be made for is not this restaurant's."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(N_("There is no such place here."))


class CodesChangedError(ConflictError):
    """The codes have changed since; there is nothing to take back."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(N_("These codes have changed since; it cannot be undone."))


class RetiredCodeError(ConflictError):
    """A code that is no longer in use is not printed again."""

    def __init__(self, *, code: str) -> None:
        """Name it."""
        super().__init__(
            N_("The code {code} is no longer in use. Print the one that replaced it."), code=code
        )
        self.code = code
