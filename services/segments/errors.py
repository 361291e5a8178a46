"""Why criteria or segments are refused."""

from services.base.errors import ConflictError, InvalidInputError, NotFoundError


class InvalidCriteriaError(InvalidInputError):
    """Criteria that cannot be; `facts["place"]` names where, as in "all, 2nd"."""


class SegmentNotFoundError(NotFoundError):
    """The restaurant has no such segment."""


class SegmentRefusedError(ConflictError):
    """This segment cannot be changed that way."""
