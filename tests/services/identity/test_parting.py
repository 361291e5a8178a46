"""Taking a merge apart gives rows back, and never what a guest has taken back since."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.enums import ConsentLevel, Role
from models.restaurants import Restaurant
from models.segments import CustomerSegment
from models.visits import Visit
from services.base.database import transaction
from services.guests.merging import merge, unmerge
from services.identity import running
from services.identity.details import give_details, read_details
from services.identity.types import GivenDetails, Guest
from services.privacy import contacting, purposes
from services.privacy.purposes import Channel, Purpose
from services.restaurants.types import RestaurantInfo
from services.segments import segments
from tests import builders
from tests.builders.arrivals import agree, arrive
from tests.builders.moments import NOW
from tests.services.identity.rooms import room

pytestmark = pytest.mark.usefixtures("database")
PHONE = "+493012345678"
MIA = GivenDetails(name="Mia", phone=PHONE, birthday_month=5, birthday_day=1)
LEVEL = ConsentLevel.PERSONALISE


def at(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


@dataclass
class Two:
    """Two records that were merged. The younger one's guest told all that there is."""

    session: AsyncSession
    info: RestaurantInfo
    older: UUID
    younger: UUID
    entry_id: UUID

    async def guest(self) -> Guest:
        """Whoever taps now, on the phone that came last."""
        visit = await self.session.scalar(
            sa.select(Visit)
            .where(col(Visit.customer_id) == self.older)
            .order_by(col(Visit.visited_at).desc())
            .limit(1)
        )
        assert visit is not None
        return await running.guest_of(self.session, visit)

    async def tell(self, details: GivenDetails) -> None:
        await give_details(
            self.session, restaurant=self.info, guest=await self.guest(), details=details
        )

    async def allow(self, *channels: Channel, minutes: int) -> None:
        await contacting.choose(
            self.session,
            guest=await self.guest(),
            channels=channels,
            source="privacy",
            text_version="1",
            now=at(minutes),
        )

    async def part(self) -> None:
        assert await unmerge(
            self.session, restaurant_id=self.info.id, entry_id=self.entry_id, now=at(60)
        )

    async def told(self) -> list[GivenDetails]:
        """By the older and the younger record."""
        return [
            read_details(await self.session.get_one(Customer, one))
            for one in (self.older, self.younger)
        ]

    async def may_write(self) -> bool:
        standing = await purposes.get_standing(
            self.session, restaurant_id=self.info.id, customer_id=self.younger
        )
        return purposes.may(standing, Purpose.CONTACT_SMS).is_allowed


@pytest.fixture
async def two() -> AsyncIterator[Two]:
    async with transaction() as session:
        info, _, _ = await room(session)
        ids: list[UUID] = []
        for number in (0, 1):
            guest = (await arrive(session, info, f"phone-{number}", now=at(number))).guest
            guest = (await agree(session, info, guest, level=LEVEL, now=at(number))).guest
            assert guest.customer_id is not None
            ids.append(guest.customer_id)
        both = Two(session, info, ids[0], ids[1], ids[0])
        await give_details(session, restaurant=info, guest=guest, details=MIA)
        await contacting.choose(
            session,
            guest=guest,
            channels=[Channel.SMS],
            source="privacy",
            text_version="1",
            now=NOW,
        )
        yield both


async def _merge(two: Two) -> None:
    done = await merge(
        two.session,
        restaurant_id=two.info.id,
        customer_ids=(two.older, two.younger),
        reason="staff",
        now=at(5),
    )
    two.entry_id = done.entry_id


async def test_what_was_told_and_saved_again_goes_back_to_who_told_it(two: Two) -> None:
    """Saved again it is encrypted to something else, and is nothing new."""
    await _merge(two)
    await two.tell(MIA)
    await two.part()
    assert await two.told() == [GivenDetails(), MIA]
    assert await two.may_write()


async def test_what_was_removed_comes_back_with_neither(two: Two) -> None:
    await _merge(two)
    await two.tell(GivenDetails(name="Mia"))
    await two.part()
    assert await two.told() == [GivenDetails(), GivenDetails(name="Mia")]
    younger = await two.session.get_one(Customer, two.younger)
    assert (younger.phone_hash, younger.phone_shared_with_restaurant) == (None, False)


async def test_the_same_number_given_twice_is_removed_from_both(two: Two) -> None:
    older = await two.session.get_one(Customer, two.older)
    visit = await two.session.scalar(sa.select(Visit).where(col(Visit.customer_id) == older.id))
    assert visit is not None
    guest = await running.guest_of(two.session, visit)
    await give_details(
        two.session, restaurant=two.info, guest=guest, details=GivenDetails(phone=PHONE)
    )
    await _merge(two)
    await two.tell(GivenDetails(name="Mia"))
    await two.part()
    assert [one.phone for one in await two.told()] == ["", ""]


async def test_a_choice_that_was_withdrawn_stays_withdrawn(two: Two) -> None:
    await _merge(two)
    essential = ConsentLevel.ESSENTIAL
    await agree(two.session, two.info, await two.guest(), level=essential, now=at(10))
    await two.part()
    rows = [await two.session.get_one(Customer, one) for one in (two.older, two.younger)]
    assert [row.consent_level for row in rows] == ["essential", "essential"]
    assert not await two.may_write()


async def test_a_channel_that_was_switched_off_stays_off(two: Two) -> None:
    await _merge(two)
    await two.allow(minutes=10)
    await two.part()
    assert not await two.may_write()


async def test_a_channel_that_was_switched_off_and_on_stays_on(two: Two) -> None:
    await _merge(two)
    await two.allow(minutes=10)
    await two.allow(Channel.SMS, minutes=11)
    await two.part()
    assert await two.may_write()


async def test_a_segment_that_was_archived_since_keeps_nobody_together(two: Two) -> None:
    session = two.session
    restaurant = await session.get_one(Restaurant, two.info.id)
    by = (await builders.make_user(session, restaurant=restaurant, role=Role.OWNER)).actor
    everybody = {"field": "total_visits", "is": "at_least", "value": 0}
    await segments.create(session, by=by, name="Us", criteria=everybody, now=NOW)
    segment_id = await session.scalar(
        sa.select(col(CustomerSegment.id)).where(col(CustomerSegment.segment_name) == "Us")
    )
    assert segment_id is not None
    for one in (two.older, two.younger):
        await segments.set_by_hand(
            session,
            by=by,
            segment_id=segment_id,
            customer_id=one,
            source="pinned",
            until_at=None,
            now=NOW,
        )
    await _merge(two)
    await segments.change(session, by=by, segment_id=segment_id, is_active=False, now=NOW)
    await two.part()
    assert await two.told() == [GivenDetails(), MIA]
