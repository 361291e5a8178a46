"""The forms that guests open without a script: what one address may ask for, and get."""

from collections.abc import AsyncIterator

import httpx
import pytest
import time_machine

from models.reservations import TableReservation, WaitlistEntry
from services.base.limits import Bucket
from smartmenu.http import booking_forms, reserve, waitlist
from tests.builders import NOW
from tests.http.app import client_of
from tests.services.reservations.dining import TONIGHT, Dining, count, make_dining, rules

pytestmark = pytest.mark.usefixtures("sqlite_database")


@pytest.fixture
async def dining(sqlite_database: object) -> Dining:
    found = await make_dining()
    await found.allow(rules())
    return found


@pytest.fixture
async def client(
    sqlite_database: object, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[httpx.AsyncClient]:
    # A monotonic clock that stands still: nothing is given back during a test.
    monkeypatch.setattr(booking_forms, "_looks", Bucket(capacity=60, refill_per_second=0))
    with time_machine.travel(NOW, tick=False):
        async with client_of([*reserve.routes, *waitlist.routes]) as found:
            yield found


async def send(client: httpx.AsyncClient, dining: Dining, key: str, *, at: int = 0) -> int:
    answer = await client.post(
        f"/menu/{dining.row.slug}/reserve",
        data={
            "party": "1",
            "time": TONIGHT.replace(hour=20 + at).isoformat(),
            "name": "Ana",
            "phone": "+4930901820",
            "submit_key": key,
        },
    )
    return answer.status_code


async def test_looking_at_times_is_limited_and_says_what_helps(
    client: httpx.AsyncClient, dining: Dining, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(booking_forms, "_looks", Bucket(capacity=3, refill_per_second=0))
    pages = [await client.get(f"/menu/{dining.row.slug}/reserve?party=8") for _ in range(4)]

    assert [page.status_code for page in pages] == [200, 200, 200, 429]
    assert pages[3].headers["retry-after"] == "10"
    assert "Please wait a few seconds, or call us." in pages[3].text
    assert f'href="/menu/{dining.row.slug}"' in pages[3].text
    # Both forms share it, and a form that is refused is drawn again; what succeeds is not drawn.
    assert (await client.get(f"/menu/{dining.row.slug}/wait")).status_code == 429
    assert await send(client, dining, "key-1", at=-10) == 429
    assert await count(TableReservation) == 0
    assert await send(client, dining, "key-1") == 303


async def test_without_a_cookie_an_address_books_three_tables_a_day(
    client: httpx.AsyncClient, dining: Dining
) -> None:
    got: list[int] = []
    for number in range(5):
        client.cookies.clear()
        got.append(await send(client, dining, f"key-{number}", at=number - 1))

    assert got == [303, 303, 303, 429, 429]
    assert await count(TableReservation) == 3
    # Whose form was sent already is led to it, however many came since.
    client.cookies.clear()
    assert await send(client, dining, "key-0") == 303
    assert await count(TableReservation) == 3


async def test_made_up_cookies_are_no_way_around_the_cap(
    client: httpx.AsyncClient, dining: Dining, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(booking_forms, "MOST_UNKNOWN", 2)
    got: list[int] = []
    for number in range(4):
        client.cookies.clear()
        client.cookies.set("smartmenu_visit", f"made-up-{number}")
        answer = await client.post(
            f"/menu/{dining.row.slug}/wait", data={"party": "2", "submit_key": f"key-{number}"}
        )
        got.append(answer.status_code)

    assert got == [303, 303, 429, 429]
    assert await count(WaitlistEntry) == 2
