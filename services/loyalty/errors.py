"""What is refused about points and rewards."""

from services.base.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from services.base.texts import N_


class NoProgrammeError(NotFoundError):
    """The restaurant has none, has not published it, or has paused it."""

    def __init__(self) -> None:
        """Say it."""
        super().__init__(N_("There is no loyalty programme at the moment."))


class NoDraftError(NotFoundError):
    """Nothing was drafted, or somebody has published it meanwhile."""

    def __init__(self) -> None:
        """Say it."""
        super().__init__(N_("There is no draft of the programme any more."))


class DraftChangedError(ConflictError):
    """Somebody else has changed the draft since it was opened."""

    def __init__(self) -> None:
        """Say it."""
        super().__init__(N_("Somebody else has changed the draft. Please look again."))


class NotEnoughPointsError(ConflictError):
    """More was asked for than there is."""

    def __init__(self, *, needed: int, there: int) -> None:
        """Say how many points it takes, and how many there are."""
        super().__init__(
            N_("This takes {needed} points; there are {there}."), needed=needed, there=there
        )


class NotAMemberError(NotFoundError):
    """No such guest, one who was forgotten, or one who did not want to be remembered."""

    def __init__(self) -> None:
        """Say it."""
        super().__init__(N_("Only guests who want to be remembered can collect points."))


class AdjustmentError(InvalidInputError):
    """No points, or no reason."""


class AdjustmentLimitError(ForbiddenError):
    """More than this person's role may give or take at once."""

    def __init__(self, *, most: int) -> None:
        """Name the limit."""
        super().__init__(N_("You may change at most {most} points at once."), most=most)


class InvitationError(ConflictError):
    """The invitation is unknown, the guest's own, or too late."""


class UnknownRewardError(NotFoundError):
    """Not this restaurant's, or taken off the list."""

    def __init__(self) -> None:
        """Say it."""
        super().__init__(N_("This reward is not offered any more."))


class RewardRefusedError(ConflictError):
    """It is there, but not for this guest, or not now."""


class CodeRefusedError(ConflictError):
    """A code that opens nothing: unknown, used, given back, or too late."""


class RewardOverError(ConflictError):
    """A reward in the cart has run out; its points are back."""

    def __init__(self) -> None:
        """Say it."""
        super().__init__(
            N_("The reward in your cart has run out. Your points are back; please look again.")
        )
