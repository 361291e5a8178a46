"""Batches of events from the open internet: kept for guests, dropped for anybody else."""

import httpx
import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.enums import EventType
from models.events import CustomerEvent
from models.visits import Visit
from services.base import clock
from services.base.database import reading, transaction
from services.base.limits import Bucket
from smartmenu.http import events
from tests.builders import make_restaurant, restaurant_info
from tests.builders.arrivals import arrive
from tests.http.app import client_of

pytestmark = pytest.mark.usefixtures("sqlite_database")
VISIT = "a visit's cookie of this browser"
SEARCH = {"type": "search", "data": {"term": "Hummus", "result_count": 2}, "seconds_ago": 3}


@pytest.fixture(autouse=True)
def _full_buckets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "_per_session", Bucket(capacity=3, refill_per_second=0))
    monkeypatch.setattr(events, "_per_address", Bucket(capacity=5, refill_per_second=0))


async def _arrive() -> None:
    async with transaction() as session:
        for slug in ("brasa", "other"):
            restaurant = await make_restaurant(session, slug=slug)
            if slug == "brasa":
                await arrive(
                    session, await restaurant_info(session, restaurant), VISIT, now=clock.now()
                )


async def _send(
    client: httpx.AsyncClient, *sent: object, slug: str = "brasa", **headers: str
) -> int:
    answer = await client.post(f"/menu/{slug}/events", json={"events": list(sent)}, headers=headers)
    return answer.status_code


async def _searches() -> list[dict[str, object]]:
    async with reading() as session:
        found = await session.scalars(
            sa.select(col(CustomerEvent.event_data)).where(
                col(CustomerEvent.event_type) == EventType.SEARCH
            )
        )
        return list(found)


async def test_a_guests_events_are_kept_and_their_visit_lives_on() -> None:
    await _arrive()
    async with reading() as session:
        before = await session.scalar(sa.select(col(Visit.last_alive_at)))
    async with client_of(events.routes) as client:
        client.cookies.set("smartmenu_visit", VISIT)
        assert await _send(client, SEARCH, {"type": "order_placed"}, 7) == 204
    assert await _searches() == [{"term": "hummus", "result_count": 2}]
    async with reading() as session:
        after = await session.scalar(sa.select(col(Visit.last_alive_at)))
    assert before is not None
    assert after is not None
    assert after > before


async def test_of_strangers_nothing_is_kept_and_nothing_is_told() -> None:
    await _arrive()
    async with client_of(events.routes) as client:
        assert await _send(client, SEARCH) == 204
        client.cookies.set("smartmenu_visit", "of nobody")
        assert await _send(client, SEARCH) == 204
        client.cookies.set("smartmenu_visit", VISIT)
        assert await _send(client, SEARCH, slug="other") == 204
        assert await _send(client, SEARCH, slug="nowhere") == 204
    assert await _searches() == []


async def test_another_site_cannot_write_into_a_guests_history() -> None:
    await _arrive()
    async with client_of(events.routes) as client:
        client.cookies.set("smartmenu_visit", VISIT)
        assert await _send(client, SEARCH, **{"sec-fetch-site": "cross-site"}) == 403
    assert await _searches() == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"{", 422),
        (b"\xff\xfe", 422),
        (b"[]", 204),
        (b'{"events":"all"}', 204),
        (b'{"events":[{"type":"search","data":{"term":{"$gt":""}}}]}', 204),
        (b"[" * 60_000, 422),
        (b'{"events":"' + b"x" * 3_000_000 + b'"}', 413),
    ],
)
async def test_junk_is_dropped(body: bytes, status: int) -> None:
    await _arrive()
    async with client_of(events.routes) as client:
        client.cookies.set("smartmenu_visit", VISIT)
        answer = await client.post("/menu/brasa/events", content=body)
    assert answer.status_code == status
    assert await _searches() == []


async def test_a_page_that_sends_without_end_is_not_written_without_end() -> None:
    await _arrive()
    async with client_of(events.routes) as client:
        client.cookies.set("smartmenu_visit", VISIT)
        assert [await _send(client, SEARCH) for _ in range(5)] == [204] * 5
    assert len(await _searches()) == 3


async def test_made_up_cookies_do_not_get_around_the_limit() -> None:
    await _arrive()
    async with client_of(events.routes) as client:
        for number in range(5):
            client.cookies.set("smartmenu_visit", f"of nobody {number}")
            await _send(client, SEARCH)
        client.cookies.set("smartmenu_visit", VISIT)
        assert await _send(client, SEARCH) == 204
    assert await _searches() == []
