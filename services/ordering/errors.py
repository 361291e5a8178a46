"""What ordering refuses, in words for whoever sees it."""

from models.enums import OrderStatus
from services.base.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    TooManyTriesError,
)
from services.base.texts import N_
from services.ordering.types import Difference

# Whole sentences: in some languages the word for a state changes with what it stands beside.
MOVED_ON: dict[OrderStatus, str] = {
    OrderStatus.PENDING: N_("Order {number} has not been accepted yet."),
    OrderStatus.PREPARING: N_("Order {number} is already in the kitchen."),
    OrderStatus.READY: N_("Order {number} is already ready."),
    OrderStatus.SERVED: N_("Order {number} is already served."),
    OrderStatus.COMPLETED: N_("Order {number} is already completed."),
    OrderStatus.DECLINED: N_("Order {number} is already declined."),
    OrderStatus.CANCELLED: N_("Order {number} is already cancelled."),
}


class UnknownDishError(NotFoundError):
    """The dish or variant is not on this restaurant's menu."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(N_("This dish is not on the menu any more."))


class DishSoldOutError(ConflictError):
    """A dish or one of its options sold out."""

    def __init__(self, *, dish: str) -> None:
        """Name what sold out."""
        super().__init__(N_("{dish} has just sold out."), dish=dish)


class NotServedNowError(ConflictError):
    """A dish has hours of its own."""

    def __init__(self, *, dish: str) -> None:
        """Name the dish."""
        super().__init__(N_("{dish} is not served at this hour."), dish=dish)


class QuantityError(InvalidInputError):
    """Not a whole number from 1 to 99."""

    def __init__(self) -> None:
        """Say what can be ordered at once."""
        super().__init__(N_("Please choose a quantity from 1 to 99."), field="quantity")


class ModifierChoiceError(InvalidInputError):
    """Too many, too few, doubled or unknown answers to a dish's questions."""

    def __init__(self, *, dish: str, group: str = "") -> None:
        """Name the dish and, where there is one, the question."""
        message = (
            N_("Please check your choice for {dish}: {group}.")
            if group
            else N_("Please check your choice for {dish}.")
        )
        super().__init__(message, field="modifiers", dish=dish, group=group)


class NoteTooLongError(InvalidInputError):
    """A note does not fit on a ticket."""

    def __init__(self, *, limit: int) -> None:
        """Say how long it may be."""
        super().__init__(
            N_("Please keep the note under {limit} characters."), field="note", limit=limit
        )


class EmptyOrderError(InvalidInputError):
    """There is nothing to send."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(N_("Your order is empty."), field="lines")


class OrderTooLongError(InvalidInputError):
    """More different lines than anybody eats."""

    def __init__(self, *, limit: int) -> None:
        """Say how many lines fit."""
        super().__init__(
            N_("An order holds up to {limit} different items."), field="lines", limit=limit
        )


class SubmitKeyError(InvalidInputError):
    """A submit key is 8 to 64 visible ASCII characters."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(N_("The idempotency key must have 8 to 64 characters."), field="key")


class CartChangedError(ConflictError):
    """Prices or availability changed since the guest looked; `differences` says where."""

    def __init__(self, differences: tuple[Difference, ...]) -> None:
        """Keep what has changed."""
        super().__init__(N_("The menu has changed since you chose. Please have a look."))
        self.differences = differences


class KeyReusedError(ConflictError):
    """The same key came with another order."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(N_("This order was sent before with other contents."))


class UnknownLineError(NotFoundError):
    """The line is not in this guest's cart."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(N_("This item is not in your order any more."))


class UnknownOrderError(NotFoundError):
    """There is no such order here, or it is somebody else's."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(N_("There is no such order here."))


class OrderingPausedError(ConflictError):
    """The restaurant takes no orders through the menu at the moment."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(N_("Ordering is paused for the moment. Please ask our staff."))


class TooManyPendingError(TooManyTriesError):
    """So many orders of one table wait for staff that more of them would only hide the others."""

    def __init__(self) -> None:
        """Say who can help; staff make room by accepting."""
        super().__init__(
            N_("Many orders from here are waiting for our staff. Please ask them, or wait a bit."),
            retry_after_seconds=30,
        )


class NoTableError(ConflictError):
    """Nobody knows where to bring it."""

    def __init__(self) -> None:
        """Ask for a scan."""
        super().__init__(N_("Please scan the code on your table first."))


class NoAddressError(InvalidInputError):
    """Something is to be brought, and nobody said where to."""

    def __init__(self) -> None:
        """Ask for it."""
        super().__init__(
            N_("Please write where we shall bring it: street, number and town."), field="address"
        )


class TooLateError(ConflictError):
    """A guest wants to change an order that the kitchen works on, or that is closed."""

    def __init__(self) -> None:
        """Say who can help."""
        super().__init__(N_("The kitchen has already started. Please ask our staff."))


class BillChangedError(ConflictError):
    """The party owes another sum than the one that was shown: nothing was paid."""

    def __init__(self, *, owed_minor: int) -> None:
        """Say so; the screen shows the new sum."""
        super().__init__(N_("The bill has changed meanwhile. Please check the new sum."))
        self.owed_minor = owed_minor


class OrderMovedOnError(ConflictError):
    """Somebody else was faster, or the step does not follow from where the order stands."""

    def __init__(self, *, number: int, status: OrderStatus) -> None:
        """Name the order and where it stands."""
        super().__init__(MOVED_ON[status], number=number)


class ReasonMissingError(InvalidInputError):
    """Guests are told why an order was declined or cancelled."""

    def __init__(self) -> None:
        """Ask for the reason."""
        super().__init__(N_("Please give a reason of up to 200 characters."), field="reason")


class NothingToUndoError(ConflictError):
    """The last step was an undo, or the order has not moved yet."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(N_("There is nothing to undo."))


class RatingClosedError(ConflictError):
    """Stars are given for a completed order, on the evening it belongs to."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(N_("You can answer once your order is completed, until the day ends."))
