"""What models refuse: data that cannot be, named by the argument that holds them."""

from services.base.errors import InvalidInputError
from services.base.texts import N_


class NotANumberError(InvalidInputError):
    """Something is missing, infinite or no number at all."""

    def __init__(self, field: str) -> None:
        """Name the argument."""
        super().__init__(N_("A number is missing, infinite or no number."), field=field)


class NegativeError(InvalidInputError):
    """A count, a time or a size is below nothing."""

    def __init__(self, field: str) -> None:
        """Name the argument."""
        super().__init__(N_("This cannot be below zero."), field=field)


class NotWholeError(InvalidInputError):
    """A count is not a whole number."""

    def __init__(self, field: str) -> None:
        """Name the argument."""
        super().__init__(N_("A count must be a whole number."), field=field)


class UnequalLengthsError(InvalidInputError):
    """Columns of one table have different numbers of rows."""

    def __init__(self, field: str) -> None:
        """Name the argument."""
        super().__init__(N_("All columns need the same number of rows."), field=field)


class FutureVisitError(InvalidInputError):
    """A last visit lies after the day the data end on."""

    def __init__(self, field: str) -> None:
        """Name the argument."""
        super().__init__(N_("A visit lies in the future."), field=field)


class FirstVisitError(InvalidInputError):
    """Somebody who came once has a last visit that is not the first."""

    def __init__(self, field: str) -> None:
        """Name the argument."""
        super().__init__(N_("Who came once has no time between visits."), field=field)


class OutOfRangeError(InvalidInputError):
    """A share, a level or a size is outside of what it can be."""

    def __init__(self, field: str) -> None:
        """Name the argument."""
        super().__init__(N_("This is outside of what it can be."), field=field)


class UnknownModelError(InvalidInputError):
    """There is no model of that name."""

    def __init__(self, field: str = "model") -> None:
        """Name the argument."""
        super().__init__(N_("There is no model of that name."), field=field)


class UnknownFactError(InvalidInputError):
    """A fact has no words, so a group could not be named after it."""

    def __init__(self, field: str) -> None:
        """Name the fact."""
        super().__init__(N_("Nobody said what this fact is called."), field=field)
