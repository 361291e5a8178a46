"""What happens with an error nobody expected: a number in the log, a sentence on the screen."""

import secrets

import structlog

log = structlog.get_logger()


def report(exception: Exception) -> None:
    """Log an unexpected error of a handler under a number. The screen keeps what it showed."""
    number = secrets.token_hex(3)
    log.error("handler failed", number=number, kind=type(exception).__name__, exc_info=exception)
