"""One tree of errors. The message is for the person who sees it; edges translate the class."""


class SmartMenuError(Exception):
    """Something was refused for a reason a person can understand."""

    def __init__(self, message: str = "", **facts: object) -> None:
        """Keep the sentence and the facts that its translation is filled with."""
        super().__init__(message)
        self.message = message
        self.facts = facts


class NotFoundError(SmartMenuError):
    """There is no such thing here, or it is another restaurant's."""


class ConflictError(SmartMenuError):
    """The world has moved on since the page was drawn."""


class ForbiddenError(SmartMenuError):
    """Whoever asks may not do this."""


class InvalidInputError(SmartMenuError):
    """A field holds something that cannot be."""

    def __init__(self, message: str, *, field: str = "", **facts: object) -> None:
        """Name the field the sentence belongs to."""
        super().__init__(message, **facts)
        self.field = field


class TooManyTriesError(SmartMenuError):
    """Somebody tries too often."""

    def __init__(self, message: str, *, retry_after_seconds: int) -> None:
        """Say in how many seconds another try is worth it."""
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class UnavailableError(SmartMenuError):
    """Something needed does not answer; `permanent` tells whether trying again can help."""

    def __init__(self, message: str, *, permanent: bool = False) -> None:
        """Keep whether another try can help."""
        super().__init__(message)
        self.permanent = permanent
