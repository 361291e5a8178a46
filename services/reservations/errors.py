"""What reservations refuse, in words for whoever sees it."""

from services.base.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from services.base.texts import N_


class UnknownReservationError(NotFoundError):
    """There is none here, or it is another restaurant's."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(N_("There is no such reservation here."))


class UnknownWaitError(NotFoundError):
    """Nobody of that kind waits here."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(N_("This place in the queue is not here any more."))


class BookingClosedError(ForbiddenError):
    """The restaurant takes no reservations from guests."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(N_("Tables cannot be booked here online. Please ask our staff."))


class QueueClosedError(ForbiddenError):
    """The restaurant lets nobody queue by phone."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(N_("The waitlist is not open. Please ask our staff."))


class PastTimeError(InvalidInputError):
    """A booking before now."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(N_("That time is over already."), field="time")


class TooSoonError(InvalidInputError):
    """A guest books later than the restaurant wants to know."""

    def __init__(self, *, minutes: int) -> None:
        """Say how long ahead it must be."""
        super().__init__(
            N_("Please book at least {minutes} minutes ahead, or call us."),
            field="time",
            minutes=minutes,
        )


class TooFarError(InvalidInputError):
    """A day beyond what the restaurant plans."""

    def __init__(self, *, days: int) -> None:
        """Say how far ahead is possible."""
        super().__init__(
            N_("Tables can be booked up to {days} days ahead."), field="day", days=days
        )


class ClosedThenError(InvalidInputError):
    """The restaurant is closed at that time, or no booking is possible so close to closing."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(N_("We are closed at that time."), field="time")


class NoSuchTimeError(InvalidInputError):
    """A local time that the clocks jump over that night, or none of the quarter hours."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(N_("There is no such time on that day."), field="time")


class PartySizeError(InvalidInputError):
    """Fewer or more people than can be booked."""

    def __init__(self, *, least: int, most: int) -> None:
        """Say how many are possible."""
        super().__init__(
            N_("Tables can be booked for {least} to {most} people. For more, please call us."),
            field="party_size",
            least=least,
            most=most,
        )


class TableTooSmallError(InvalidInputError):
    """More people than chairs."""

    def __init__(self, *, table: str, seats: int) -> None:
        """Name the table and its seats."""
        super().__init__(
            N_("Table {table} has {seats} seats."), field="table_id", table=table, seats=seats
        )


class TableOutError(ConflictError):
    """The table is out of service, or was archived."""

    def __init__(self, *, table: str) -> None:
        """Name the table."""
        super().__init__(N_("Table {table} is out of service."), table=table)


class TableBookedError(ConflictError):
    """Another party has the table at that time."""

    def __init__(self, *, table: str) -> None:
        """Name the table."""
        super().__init__(N_("Table {table} is booked at that time."), table=table)


class NoTableError(ConflictError):
    """Nothing is free for this party at that time."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(N_("No table is free at that time. Please choose another time."))


class FormSentElsewhereError(ConflictError):
    """The key of a form came from another browser than the one that used it."""

    def __init__(self) -> None:
        """Say what helps."""
        super().__init__(N_("Please open the page again and send the form from there."))


class TooManyBookingsError(ConflictError):
    """One browser holds as many tables, or places in the queue, as it may."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(N_("You have booked several tables already. Please call us for more."))


class AlreadyClosedError(ConflictError):
    """It was cancelled, or is over: nothing can be changed any more."""

    def __init__(self, *, status: str) -> None:
        """Say which."""
        sentences = {
            "cancelled": N_("This reservation was cancelled already."),
            "no_show": N_("This reservation is marked as not come."),
            "completed": N_("This party has left already."),
            "seated": N_("This party has arrived already."),
        }
        super().__init__(sentences.get(status, N_("This reservation has changed since.")))
        self.status = status


class TooEarlyError(ConflictError):
    """Nobody has arrived, or failed to, long before the time."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(N_("That reservation is not due yet."))


class TableHasReservationsError(ConflictError):
    """A table cannot be archived while parties are coming to it."""

    def __init__(self, *, table: str, reservations: str) -> None:
        """List them."""
        super().__init__(
            N_("Table {table} is booked: {reservations}. Move or cancel these first."),
            table=table,
            reservations=reservations,
        )
