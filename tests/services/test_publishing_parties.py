"""Publishing while parties have booked: nobody loses a table unseen, nobody waits in a circle."""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.columns import new_id
from models.journal import AuditEntry
from models.seating import Sitting, Table
from services.base.database import reading, transaction
from services.base.errors import ConflictError, SmartMenuError
from services.layouts import queries
from services.layouts.errors import (
    PartiesComeError,
)
from services.reservations import archiving, changes
from services.reservations import queries as reservations
from services.reservations.booking import BookingDraft, book_by_staff
from services.reservations.types import Booked, Contact
from services.seating.errors import UnknownTableError
from tests.builders import (
    NOW,
    restaurant_info,
)
from tests.services.layout_place import Page, Place, make_place, stored, table_row
from tests.services.reservations.dining import TONIGHT

pytestmark = pytest.mark.usefixtures("database")


async def book(place: Place, people: int, *, at: datetime = TONIGHT, table: Table) -> Booked:
    draft = BookingDraft(people, at, Contact(), submit_key=new_id().hex, table_ids=[table.id])
    async with transaction() as session:
        info = await restaurant_info(session, place.restaurant)
        return await book_by_staff(session, restaurant=info, draft=draft, by=place.actor, now=NOW)


async def reserved(place: Place) -> dict[UUID, tuple[str, bool]]:
    """The table of each reservation, and whether it needs another."""
    async with reading() as session:
        info = await restaurant_info(session, place.restaurant)
        day = await reservations.load_day(session, restaurant=info, day=TONIGHT.date())
    return {one.id: (one.tables, one.needs_table) for one in day.reservations}


async def test_whoever_booked_a_table_that_goes_gets_another_once_somebody_saw_it() -> None:
    place = await make_place()
    booked = await book(place, 2, table=place.seven)
    page = Page(place)
    await page.send()
    await page.send(page.step("remove", ids=[str(place.seven.id)]))
    before = await stored(place)

    with pytest.raises(PartiesComeError) as refused:
        await page.publish()
    assert refused.value.facts == {"count": 1}
    assert await stored(place) == before

    async with reading() as session:
        shown = await queries.preview_publication(
            session, restaurant_id=place.id, layout_id=place.layout_id, now=NOW
        )
    assert [(one.id, one.tables) for one in shown.parties] == [(booked.reservation_id, "7")]
    await page.publish(booked.reservation_id)
    assert await reserved(place) == {booked.reservation_id: ("8", False)}


async def test_whoever_fits_nowhere_keeps_the_reservation_and_is_shown() -> None:
    """Table 8 is taken at that time: nobody is put on top of anybody, and nobody is lost."""
    place = await make_place()
    first = await book(place, 2, table=place.eight)
    second = await book(place, 2, table=place.seven)
    page = Page(place)
    await page.send()
    await page.send(page.step("remove", ids=[str(place.seven.id)]))
    await page.publish(second.reservation_id)

    assert await reserved(place) == {
        first.reservation_id: ("8", False),
        second.reservation_id: ("7", True),
    }
    async with reading() as session:
        noted = await session.scalar(
            sa.select(AuditEntry).where(col(AuditEntry.action) == "layout_published")
        )
    assert noted is not None
    assert noted.data["parties_without_table"] == [str(second.reservation_id)]


async def test_a_booking_at_the_moment_of_publishing_is_never_at_a_table_that_is_gone() -> None:
    """Either it is refused, or it was first and publishing is refused, whoever was faster."""
    place = await make_place()
    page = Page(place)
    await page.send()
    await page.send(page.step("remove", ids=[str(place.seven.id)]))

    done = await asyncio.gather(
        page.publish(),
        *(book(place, 2, at=TONIGHT + timedelta(hours=n), table=place.seven) for n in (0, 2, 4)),
        return_exceptions=True,
    )

    is_gone = not (await table_row(place.seven.id)).is_active
    refused = [one for one in done if isinstance(one, SmartMenuError)]
    assert [one for one in done if isinstance(one, BaseException)] == refused
    found = await reserved(place)
    if is_gone:
        assert {type(one) for one in refused} == {UnknownTableError}
        assert found == {}
    else:
        assert {type(one) for one in refused} == {PartiesComeError}
        assert set(found.values()) == {("7", False)}


async def test_arriving_and_publishing_at_once_wait_for_each_other_in_one_order() -> None:
    place = await make_place()
    parties = [
        await book(place, 2, table=table, at=TONIGHT) for table in (place.seven, place.eight)
    ]
    page = Page(place)
    await page.send()
    await page.change(place.seven.id, x=400)

    async def arrive(booked: Booked) -> None:
        async with transaction() as session:
            info = await restaurant_info(session, place.restaurant)
            await changes.arrive(
                session,
                restaurant=info,
                reservation_id=booked.reservation_id,
                by=place.actor,
                now=NOW,
            )

    async def put_away() -> None:
        with pytest.raises(ConflictError):
            async with transaction() as session:
                await archiving.archive_table(
                    session, by=place.actor, table_id=place.eight.id, now=NOW
                )

    async with asyncio.timeout(20):
        await asyncio.gather(page.publish(), put_away(), *(arrive(one) for one in parties))
    assert (await table_row(place.seven.id)).floor_plan_x == 450
    async with reading() as session:
        open_count = await session.scalar(sa.select(sa.func.count()).select_from(Sitting))
    assert open_count == 2
