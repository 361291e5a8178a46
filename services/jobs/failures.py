"""One item of a job that fails keeps nobody else's from being done."""

from collections.abc import Generator
from contextlib import contextmanager

import structlog

from services.base.errors import SmartMenuError, UnavailableError

log = structlog.get_logger()


class Failures:
    """What went wrong on the way, told when everything else is done."""

    def __init__(self) -> None:
        """Begin without any."""
        self._first: Exception | None = None

    @contextmanager
    def kept(self, event: str, **facts: str) -> Generator[None]:
        """Work on one item. A refusal is logged; a failure is logged and told by `tell`.

        Args:
            event: the line in the log.
            facts: which item, by ids alone.

        Raises:
            UnavailableError: the database is away; the next item would wait for it in vain.
        """
        try:
            yield
        except UnavailableError:
            raise
        except SmartMenuError:
            log.exception(event, **facts)
        except Exception as failure:
            log.exception(event, **facts)
            self._first = self._first or failure

    def tell(self) -> None:
        """Let the job fail with the first failure, so that it is counted and `doctor` names it."""
        if self._first is not None:
            raise self._first
