"""How this installation logs: one line an event, with the request it belongs to, nobody's words.

Every line passes here, those of libraries too. An exception is told by its kinds and places: its
message and the values of its variables are what somebody sent.
"""

import logging
import sys
import traceback
from typing import Any

import orjson
import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

FRAMES = 12


def configure(*, as_json: bool) -> None:
    """Set up the logs of this process, once, at its start.

    Args:
        as_json: one JSON object a line, for machines; else words in columns.
    """
    first: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        without_words,
    ]
    renderer: Processor = (
        structlog.processors.JSONRenderer(serializer=_json)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=sys.stdout.isatty())
    )
    structlog.configure(
        processors=[*first, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=first,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)


def without_words(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    """Replace an exception by its kinds and places."""
    found: Any = line.pop("exc_info", None)
    if found is True:
        found = sys.exc_info()
    error = found[1] if isinstance(found, tuple) else found  # pyright: ignore[reportUnknownVariableType]
    line.pop("exception", None)
    line.pop("stack_info", None)
    if isinstance(error, BaseException):
        line["kind"] = kinds_of(error)
        line["where"] = places_of(error)
    return line


def kinds_of(exception: BaseException) -> str:
    """The class of an error and of its causes: "UnavailableError from OperationalError"."""
    kinds = [type(exception).__name__]
    cause = exception.__cause__
    while cause is not None and len(kinds) < FRAMES:
        kinds.append(type(cause).__name__)
        cause = cause.__cause__
    return " from ".join(kinds)


def places_of(exception: BaseException) -> list[str]:
    """Where an error came from, the nearest place first: "checkout.py:71 place_order"."""
    found = traceback.extract_tb(exception.__traceback__)[-FRAMES:]
    return [f"{one.filename.rpartition('/')[2]}:{one.lineno} {one.name}" for one in reversed(found)]


def _json(line: object, **_options: object) -> str:
    return orjson.dumps(line, default=str).decode()
