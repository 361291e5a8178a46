"""Why a backup could not be made or put back."""

from services.base.errors import ConflictError, InvalidInputError, SmartMenuError


class NotABackupError(InvalidInputError):
    """The file is none of our backups, or not whole."""


class StillInUseError(ConflictError):
    """Somebody works with the database that is to be replaced."""


class NotEmptyError(ConflictError):
    """There are restaurants where a backup is to be put."""


class ToolMissingError(SmartMenuError):
    """PostgreSQL's own tools are not on this machine, or too old for its server."""
