"""Jobs that go through restaurants and guests: one that cannot be done keeps nobody else's back."""

from collections.abc import Callable, Coroutine
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from services.base.database import transaction
from services.base.settings import settings
from services.jobs import keeping, profiles, tidying
from services.privacy import erasing, retention, tombstones
from services.profiles import engagement
from services.restaurants import queries as restaurants
from services.restaurants.types import RestaurantInfo
from services.segments import recompute
from services.totals import statuses, totals
from tests.builders import NOW, make_customer, make_restaurant

pytestmark = pytest.mark.usefixtures("sqlite_database")


class Broken:
    """Notes for whom it was called, and fails for the first."""

    def __init__(self, of: Callable[[dict[str, Any]], UUID]) -> None:
        self.seen: list[UUID] = []
        self._of = of

    async def __call__(self, *_session: object, **options: Any) -> None:
        self.seen.append(self._of(options))
        if len(self.seen) == 1:
            msg = "broken"
            raise ZeroDivisionError(msg)


async def _restaurants(count: int) -> list[UUID]:
    async with transaction() as session:
        return [(await make_restaurant(session)).id for _ in range(count)]


async def test_badges_and_retention_reach_every_restaurant(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ids = set(await _restaurants(3))
    jobs: list[tuple[Callable[..., Coroutine[Any, Any, None]], object, str, Broken]] = [
        (
            tidying.refresh_statuses,
            statuses,
            "refresh_statuses",
            Broken(lambda options: options["restaurant"].id),
        ),
        (keeping.keep_no_longer, retention, "run", Broken(lambda one: one["restaurant_id"])),
    ]
    for job, module, name, broken in jobs:
        monkeypatch.setattr(module, name, broken)
        with pytest.raises(ZeroDivisionError):
            await job(NOW)
        assert set(broken.seen) == ids
        assert len(broken.seen) == 3


async def test_every_guest_is_counted_after_a_visit(monkeypatch: pytest.MonkeyPatch) -> None:
    [owner] = await _restaurants(1)
    guests = [UUID(int=number) for number in (1, 2, 3)]

    async def ended(*_session: object, **_options: object) -> list[tuple[UUID, UUID]]:
        return [(owner, guest) for guest in guests]

    broken = Broken(lambda options: options["customer_id"])
    monkeypatch.setattr(engagement, "count_ended", ended)
    monkeypatch.setattr(totals, "recount", broken)
    with pytest.raises(ZeroDivisionError):
        await profiles.count_visits(NOW)
    assert broken.seen == guests


async def test_the_night_counts_every_restaurant(monkeypatch: pytest.MonkeyPatch) -> None:
    ids = set(await _restaurants(3))
    broken = Broken(lambda options: options["restaurant_id"])
    ranked = Broken(lambda options: options["restaurant"].id)
    ranked.seen.append(UUID(int=0))
    monkeypatch.setattr(recompute, "count_customers", broken)
    monkeypatch.setattr(recompute, "rank", ranked)
    with pytest.raises(ZeroDivisionError):
        await profiles.recompute_profiles(NOW)
    assert set(broken.seen) == ids
    assert set(ranked.seen[1:]) == ids - {broken.seen[0]}


async def test_a_restaurant_that_is_closed_meanwhile_is_no_failure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    [gone, other] = sorted(await _restaurants(2))
    counted = Broken(lambda options: options["restaurant_id"])
    counted.seen.append(UUID(int=0))
    find = restaurants.get

    async def get(session: AsyncSession, restaurant_id: UUID) -> RestaurantInfo:
        return await find(session, UUID(int=1) if restaurant_id == gone else restaurant_id)

    monkeypatch.setattr(restaurants, "get", get)
    monkeypatch.setattr(recompute, "count_customers", counted)
    await profiles.recompute_profiles(NOW)
    assert counted.seen[1:] == [other]


async def test_tombstones_are_written_whatever_late_rows_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with transaction() as session:
        restaurant = await make_restaurant(session)
        guests = [
            await make_customer(
                session, restaurant=restaurant, erased_at=NOW - timedelta(hours=number)
            )
            for number in (1, 2)
        ]
    broken = Broken(lambda options: options["ids"][0])
    kept: list[Path] = []
    monkeypatch.setattr(erasing, "part_late_rows", broken)
    monkeypatch.setattr(
        tombstones, "keep_aside", lambda _lines, *, data_folder: kept.append(data_folder)
    )
    with pytest.raises(ZeroDivisionError):
        await keeping.keep_erased(NOW)
    assert set(broken.seen) == {one.id for one in guests}
    assert kept == [settings().data_folder]
