"""Why staff cannot write to a guest."""

from services.base.errors import ConflictError, InvalidInputError, NotFoundError
from services.base.texts import N_

MOST_SIGNS = 1000


class UnknownConversationError(NotFoundError):
    """There is no such conversation here."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(N_("There is no such conversation."))


class WindowClosedError(ConflictError):
    """More than a day has passed since the guest wrote."""

    def __init__(self) -> None:
        """Say what can still be done."""
        super().__init__(
            N_("The guest wrote more than 24 hours ago. Only a template can be sent now.")
        )


class OptedOutError(ConflictError):
    """The guest wrote STOP."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(N_("This guest wrote STOP. Nothing can be sent to them."))


class UnknownTemplateError(NotFoundError):
    """It was never approved, or is no longer."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(N_("This template cannot be sent any more."))


class MessageTextError(InvalidInputError):
    """Nothing was written, or too much."""

    def __init__(self) -> None:
        """Say how much fits."""
        super().__init__(
            N_("Please write 1 to {count} characters."), field="text", count=MOST_SIGNS
        )
