"""What the editor of layouts refuses, in words for whoever draws."""

from services.base.errors import ConflictError, InvalidInputError, NotFoundError
from services.base.texts import N_
from services.layouts.types import Problem


class UnknownLayoutError(NotFoundError):
    """There is no such layout here."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(N_("There is no such layout here."))


class UnreadableOperationError(InvalidInputError):
    """What came is no operation at all."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(N_("That cannot be."))


class LayoutMovedOnError(ConflictError):
    """Somebody changed the layout between looking at it and publishing it."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            N_("Somebody changed this layout a moment ago. Look at it again before publishing.")
        )


class LayoutProblemsError(ConflictError):
    """The layout cannot be the room yet."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        """Keep what is wrong."""
        super().__init__(N_("This layout cannot be published yet: {count}."), count=len(problems))
        self.problems = problems


class PartiesComeError(ConflictError):
    """Parties have booked tables that the layout does not have, and nobody was told of them."""

    def __init__(self, count: int) -> None:
        """Say how many."""
        super().__init__(
            N_(
                "{count} more parties have booked tables that this layout takes away. "
                "Look at the list again before publishing."
            ),
            count=count,
        )


class GuestsSitError(ConflictError):
    """Guests sit at tables that the layout does not have."""

    def __init__(self, numbers: list[str]) -> None:
        """Name the tables."""
        super().__init__(
            N_(
                "Guests sit at tables that this layout takes away: {tables}. "
                "Release them first, or keep the tables."
            ),
            tables=", ".join(numbers),
        )
        self.numbers = numbers
