"""What the team and the log-in refuse."""

from services.base.errors import ConflictError, ForbiddenError


class NotLoggedInError(ForbiddenError):
    """No log-in, or one that has ended."""


class WrongLoginError(ForbiddenError):
    """E-mail address and password do not belong together; says nothing about which is wrong."""


class LastOwnerError(ConflictError):
    """A restaurant without an owner could never be handed on."""


class EmailInUseError(ConflictError):
    """Somebody already logs in with this address."""
