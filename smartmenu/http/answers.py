"""Errors as HTTP answers: the one translator of this edge."""

from starlette.responses import PlainTextResponse, Response

from services.accounts.errors import NotLoggedInError
from services.base.errors import (
    ConflictError,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    SmartMenuError,
    TooManyTriesError,
    UnavailableError,
)
from services.base.texts import SOURCE_LANGUAGE, sentence
from smartmenu.http.body import BodyTooLargeError, BodyTooSlowError

# The first that fits counts: an error's own class stands before what it is made of.
_STATUS: tuple[tuple[type[SmartMenuError], int], ...] = (
    (NotLoggedInError, 401),
    (BodyTooLargeError, 413),
    (BodyTooSlowError, 408),
    (NotFoundError, 404),
    (ConflictError, 409),
    (ForbiddenError, 403),
    (InvalidInputError, 422),
    (TooManyTriesError, 429),
    (UnavailableError, 503),
)
RETRY_SECONDS = 5


def status_of(error: SmartMenuError) -> int:
    """The HTTP status of an error."""
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 400)


def refusal(error: SmartMenuError, *, language: str = SOURCE_LANGUAGE) -> Response:
    """An error as plain text, with Retry-After where another try can help."""
    return PlainTextResponse(sentence(language, error), status_of(error), headers_of(error))


def headers_of(error: SmartMenuError) -> dict[str, str]:
    """What an answer that refuses says about keeping it, and about trying again."""
    headers = {"cache-control": "no-store"}
    if isinstance(error, TooManyTriesError):
        headers["retry-after"] = str(error.retry_after_seconds)
    elif isinstance(error, UnavailableError) and not error.permanent:
        headers["retry-after"] = str(RETRY_SECONDS)
    return headers
