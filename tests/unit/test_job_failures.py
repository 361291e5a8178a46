"""One item that fails holds up nobody else, and is not forgotten either."""

import pytest

from services.base.errors import ConflictError, UnavailableError
from services.jobs.failures import Failures


def _through(*errors: Exception | None) -> tuple[list[int], Failures]:
    done: list[int] = []
    failures = Failures()
    for number, error in enumerate(errors):
        with failures.kept("not_done", item=str(number)):
            if error is not None:
                raise error
            done.append(number)
    return done, failures


def test_the_others_are_done_and_the_first_failure_is_told_at_the_end() -> None:
    first, second = ValueError("first"), KeyError("second")
    done, failures = _through(None, first, None, second, None)
    assert done == [0, 2, 4]
    with pytest.raises(ValueError, match="first") as told:
        failures.tell()
    assert told.value is first


def test_a_refusal_is_no_failure_of_the_job() -> None:
    done, failures = _through(ConflictError("moved on"), None)
    assert done == [1]
    failures.tell()


def test_without_a_database_nobody_waits_for_the_next_item() -> None:
    with pytest.raises(UnavailableError):
        _through(None, UnavailableError("away"), ValueError("never reached"))
