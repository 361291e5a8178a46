"""What goes over the sockets is what Reflex would have written."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from reflex.istate.data import HeaderData
from reflex.state import StateUpdate
from reflex_base.utils import format as reflex_format
from reflex_base.utils.serializers import serializer

from models.enums import OrderStatus
from smartmenu.sockets import write
from state.telling import Once


@dataclass(frozen=True)
class _Row:
    name: str
    when: datetime
    parts: list["_Row"]


@dataclass(frozen=True, slots=True)
class _SlottedRow:
    name: str


NOON = datetime(2026, 5, 13, 12, tzinfo=UTC)
ROW = _Row("Crème “brûlée” 🍮", NOON, [_Row("", NOON, [])])


@pytest.mark.parametrize(
    "value",
    [
        ROW,
        [_SlottedRow("ا"), _SlottedRow("b")],
        {"status": OrderStatus.PENDING, "id": UUID(int=7), "price": Decimal("9.50")},
        {1: "a number as a key", "none": None, "yes": True, "pair": (1, 2.5)},
        {"set": {3}, "when": NOON, "day": NOON.date()},
        {"huge": 2**70},
        StateUpdate(delta={"state.board": {"new": [ROW]}}),
        StateUpdate(),
        {"new": Once([ROW])},
        {"new": Once([ROW, 2**70])},
    ],
)
def test_json_is_that_of_reflex(value: object) -> None:
    assert json.loads(write(["event", value])) == json.loads(
        reflex_format.json_dumps(["event", value])
    )


def test_what_many_tabs_are_told_is_written_once_and_as_it_would_be_alone() -> None:
    asked: list[object] = []

    class Row:
        """Tells when it is written."""

    @serializer
    def of_row(row: Row) -> str:
        asked.append(row)
        return "a row"

    row = Row()
    once = Once([row])
    told = [json.loads(write({"tab": number, "new": once})) for number in range(3)]

    assert told == [{"tab": number, "new": ["a row"]} for number in range(3)]
    assert asked == [row]
    assert once == Once([row])


def test_half_a_surrogate_pair_does_not_stop_the_message() -> None:
    assert json.loads(write({"name": "\ud83c"})) == {"name": "\ud83c"}


def test_the_cookies_of_a_handshake_stay_here() -> None:
    headers = HeaderData(cookie="smartmenu_session=secret", host="localhost")
    assert "secret" not in write({"headers": headers})
    assert "localhost" in write({"headers": headers})
