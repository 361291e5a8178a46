"""What happens with an error nobody expected: a number in the log, a sentence on the screen.

Neither the log of an error nor a line of the framework holds what somebody sent: names, tokens and
phone numbers stand in messages and values, never in the kind of an error or in a line of code.
"""

import logging
import re
import secrets

import structlog

from services.base import metrics
from services.base.logs import kinds_of, places_of

log = structlog.get_logger()
# Loggers of what carries our requests; their lines quote payloads, tokens and addresses.
_QUOTING = (
    "asyncio",
    "engineio.server",
    "socketio.server",
    "_granian",
    "reflex.app",
    "reflex.state",
    "reflex.utils.token_manager",
    "reflex_base.event.processor.base_state_processor",
    "reflex_base.event.processor.event_processor",
)
_KIND = re.compile(r"[A-Za-z]{1,40}(?:Error|Exception)\b")


def report(exception: Exception) -> None:
    """Log an unexpected error of a handler under a number. The screen keeps what it showed."""
    report_failure("handler failed", exception)


def report_frontend(exception: Exception) -> None:
    """Log that a browser's script failed: only the kind is kept, the words are anybody's."""
    kind = _KIND.search(str(exception)[:2000])
    log.warning("page failed", kind=kind[0] if kind else "unknown")


def report_failure(what: str, exception: BaseException) -> str:
    """Log an unexpected error without anybody's words.

    Args:
        what: what failed, in two words.
        exception: its kind, its causes and where it came from are kept, its message is not.

    Returns:
        The number to show to whoever met it.
    """
    number = secrets.token_hex(3)
    metrics.FAILURES.labels(what).inc()
    log.error(what, number=number, kind=kinds_of(exception), where=places_of(exception))
    return number


class _Discreet(logging.Filter):
    """Keeps level, place and kind of a line and drops its words."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        record.msg = f"{record.name}.{record.funcName}, line {record.lineno}"
        if error is not None:
            record.msg += f": {kinds_of(error)} at {' < '.join(places_of(error))}"
        record.args, record.exc_info, record.exc_text = None, None, None
        return True


def keep_words_out_of_logs() -> None:
    """Let the framework's loggers say where something happened, but not what somebody sent."""
    for name in _QUOTING:
        logger = logging.getLogger(name)
        if not any(isinstance(one, _Discreet) for one in logger.filters):
            logger.addFilter(_Discreet())
