"""Who looked at whom: noted without waiting, counted for the guest, gone from nobody's log."""

import asyncio
from datetime import timedelta

import pytest
import sqlalchemy as sa

from models.privacy import CustomerAccess
from models.restaurants import Restaurant
from services.base.database import reading, transaction
from services.privacy import access
from services.privacy.access import Access, AccessLog
from tests import builders
from tests.builders.moments import NOW
from tests.services.identity.rooms import room

pytestmark = pytest.mark.usefixtures("database")


async def test_looks_are_gathered_and_written_together() -> None:
    async with transaction() as session:
        info, _, _ = await room(session)
        row = await session.get_one(Restaurant, info.id)
        ines = (await builders.make_user(session, restaurant=row)).actor
        ana, ben = [await builders.make_customer(session, restaurant=row) for _ in range(2)]
    log = AccessLog()
    card = {"what": Access.CARD, "screen": "customer"}
    log.note(by=ines, customer_id=ana.id, now=NOW, **card)
    # The same card reads itself again while it is open.
    log.note(by=ines, customer_id=ana.id, now=NOW + timedelta(minutes=9), **card)
    log.note(by=ines, customer_id=ben.id, now=NOW, **card)
    log.note(by=ines, customer_id=ana.id, now=NOW + timedelta(minutes=10), **card)
    await asyncio.gather(log.flush(), log.flush())
    async with transaction() as session:
        await access.record(
            session,
            by=ines,
            what=Access.LIST_EXPORT,
            screen="customers",
            customer_id=None,
            guest_count=40,
            now=NOW + timedelta(hours=1),
        )
        other, _, _ = await room(session)
    async with reading() as session:
        lines = await access.page(session, restaurant_id=info.id)
        opened = await access.times_opened(session, restaurant_id=info.id, ids=[ana.id])
        elsewhere = await access.page(session, restaurant_id=other.id)
        kept = await session.scalar(sa.select(sa.func.count()).select_from(CustomerAccess))
    assert [(one.what, one.alias, one.guest_count) for one in lines] == [
        ("list_export", "", 40),
        ("card", ana.alias, 1),
        ("card", ben.alias, 1),
        ("card", ana.alias, 1),
    ]
    assert {one.by_name for one in lines} == {"Ines"}
    assert opened == (2, NOW + timedelta(minutes=10))
    assert (elsewhere, kept) == ((), 4)


async def test_an_erased_guests_lines_name_nobody() -> None:
    async with transaction() as session:
        info, _, _ = await room(session)
        row = await session.get_one(Restaurant, info.id)
        ines = (await builders.make_user(session, restaurant=row)).actor
        ana = await builders.make_customer(session, restaurant=row, erased_at=NOW)
        await access.record(
            session, by=ines, what=Access.CARD, screen="customer", customer_id=ana.id, now=NOW
        )
        lines = await access.page(session, restaurant_id=info.id)
    assert [(one.alias, one.customer_id) for one in lines] == [("", None)]
