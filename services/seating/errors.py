"""What seating refuses, in words for whoever sees it."""

from services.base.errors import ConflictError, NotFoundError
from services.base.texts import N_


class UnknownTableError(NotFoundError):
    """There is no such table here."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(N_("There is no such table here."))


class SittingOverError(ConflictError):
    """The sitting was released in the meantime, or never was."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(N_("This table has been released already."))


class TableOutOfServiceError(ConflictError):
    """Nobody is seated at a table that is out of service."""

    def __init__(self, *, table: str) -> None:
        """Name the table."""
        super().__init__(N_("Table {table} is out of service. Please ask our staff."), table=table)


class OpenOrdersError(ConflictError):
    """The table still has orders that somebody is working on; staff may release it all the same."""

    def __init__(self, *, count: int) -> None:
        """Tell how many orders are open."""
        super().__init__(N_("Orders at this table are still open: {count}."), count=count)
        self.open_order_count = count


class TableTakenError(ConflictError):
    """Somebody sits at the table; only people can tell whether it is this party."""

    def __init__(self, *, table: str) -> None:
        """Name the table."""
        super().__init__(N_("Somebody sits at table {table} already."), table=table)


class TableChangedError(ConflictError):
    """The step cannot be taken back: the table has changed since."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(N_("This table has changed since; it cannot be undone."))


class SameTableError(ConflictError):
    """A party cannot move to, or be put together with, the table it sits at."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(N_("That is the same table."))


class AlreadyTogetherError(ConflictError):
    """The tables are put together already."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(N_("These tables are together already."))


class NotTogetherError(ConflictError):
    """The table stands alone."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(N_("This table stands alone."))


class UnknownGuestError(NotFoundError):
    """Somebody who was to go to another table does not sit here."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(N_("This guest does not sit at this table."))


class UnknownWaiterError(NotFoundError):
    """Nobody of this restaurant."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(N_("There is nobody like that on the team."))


class UnknownCallError(NotFoundError):
    """There is no such call here."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(N_("There is no such call here."))


class NotSeatedError(ConflictError):
    """Staff can only be called to a table."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(N_("Please scan the code on your table first."))


class UnknownAreaError(NotFoundError):
    """There is no such area here."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(N_("There is no such area here."))
