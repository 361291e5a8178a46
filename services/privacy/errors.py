"""What privacy refuses."""

from services.base.errors import (
    ConflictError,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    SmartMenuError,
)
from services.base.texts import N_


class KeyMissingError(SmartMenuError):
    """The database was written with a key that is not here."""


class OtherKeyError(SmartMenuError):
    """The key that is here is not the one the database was written with."""


class NotAllowedByGuestError(ForbiddenError):
    """The guest has not agreed to this use of their data."""


class NotConfirmedError(InvalidInputError):
    """What cannot be undone was not confirmed by its words."""

    def __init__(self, *, expected: str) -> None:
        """Say what had to be typed."""
        msg = N_("Please type {expected} to confirm.")
        super().__init__(msg, field="confirmation", expected=expected)


class AlreadyErasedError(ConflictError):
    """Somebody erased this guest meanwhile, or they erased themselves."""

    def __init__(self) -> None:
        """Say that nothing is left to do."""
        msg = N_("This guest has been erased already.")
        super().__init__(msg)


class NoSuchGuestError(NotFoundError):
    """The restaurant has no such guest, or has forgotten them."""

    def __init__(self) -> None:
        """Say so, without telling which of the two."""
        msg = N_("There is no such guest.")
        super().__init__(msg)
