"""A friend's link is remembered from the menu to the first completed order, or ignored quietly."""

from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.customers import Customer
from models.enums import ConsentLevel, OrderStatus
from models.loyalty import LoyaltyMember, LoyaltyReferral
from models.visits import Visit
from services.base.database import reading, transaction
from services.guests import visits
from services.identity.types import Arrival, BegunVisit, Guest, Signals
from services.loyalty import members
from services.loyalty.programme_rules import Rules
from tests.builders import NOW, make_customer
from tests.builders.arrivals import RNG, agree
from tests.builders.orders import make_order
from tests.services.loyalty_place import balance_of, complete_order, loyal_place
from tests.services.ordering_room import Room, count

pytestmark = pytest.mark.usefixtures("database")
HOUR = timedelta(hours=1)
PAID = {"inviter_points": 50, "friend_points": 30, "first_visit_points": 0}


async def _inviter(place: Room) -> tuple[Customer, str]:
    """A member, and their code."""
    async with transaction() as session:
        customer = await make_customer(session, restaurant=place.row)
        member = await members.get_or_make(
            session,
            restaurant_id=place.info.id,
            customer_id=customer.id,
            rules=Rules(),
            now=NOW,
        )
        await session.flush()
        return customer, member.invite_code


async def _arrive(
    place: Room, code: str = "", *, phone: str = "friend", at: int = 0, **shown: str
) -> BegunVisit:
    """A phone opens the menu so many hours from now."""
    async with transaction() as session:
        return await visits.begin_visit(
            session,
            restaurant=place.info,
            signals=Signals(phone, **shown),
            arrival=Arrival(invite_code=code),
            now=NOW + at * HOUR,
            rng=RNG,
        )


async def _agree(
    place: Room, guest: Guest, *, level: ConsentLevel = ConsentLevel.REMEMBER, at: int = 0
) -> tuple[Guest, str]:
    async with transaction() as session:
        given = await agree(session, place.info, guest, level=level, now=NOW + at * HOUR)
    return given.guest, given.client_id or ""


async def _eat(place: Room, guest: Guest, *, at: int = 0) -> None:
    """An order of 9.50, served and completed: 9 points."""
    moment = NOW + at * HOUR
    async with transaction() as session:
        order = await make_order(
            session,
            restaurant=place.row,
            visit=await session.get_one(Visit, guest.visit_id),
            order_status=OrderStatus.SERVED,
            placed_at=moment,
            total_minor=950,
            subtotal_minor=950,
        )
    await complete_order(place, order, now=moment)


async def _code_kept(guest: Guest) -> str | None:
    async with reading() as session:
        return (await session.get_one(Visit, guest.visit_id)).invite_code


@pytest.mark.parametrize("chooses_first", [True, False])
async def test_the_first_order_pays_whenever_the_friend_chose_to_be_remembered(
    chooses_first: bool,
) -> None:
    place = await loyal_place(**PAID)
    inviter, code = await _inviter(place)
    begun = await _arrive(place, code)
    assert begun.is_invited
    guest = begun.guest
    if chooses_first:
        guest, _ = await _agree(place, guest)
        await _eat(place, guest)
    else:
        await _eat(place, guest)
        guest, _ = await _agree(place, guest)
    assert await balance_of(place, guest.customer_id) == (39, 0)
    assert await balance_of(place, inviter.id) == (50, 0)
    await _eat(place, guest)
    assert await balance_of(place, inviter.id) == (50, 0)


async def test_a_link_opened_at_home_counts_at_the_table_days_later() -> None:
    place = await loyal_place(**PAID)
    inviter, code = await _inviter(place)
    at_home = await _arrive(place, code)
    at_table = await _arrive(place, at=48)
    assert at_table.guest.visit_id != at_home.guest.visit_id
    guest, _ = await _agree(place, at_table.guest, at=48)
    await _eat(place, guest, at=49)
    assert await balance_of(place, inviter.id) == (50, 0)


async def test_who_is_remembered_and_has_not_ordered_accepts_by_the_link_alone() -> None:
    place = await loyal_place(**PAID)
    inviter, code = await _inviter(place)
    _, client_id = await _agree(place, (await _arrive(place)).guest)
    begun = await _arrive(place, code, phone="tablet", at=30, client_id=client_id)
    assert (begun.is_invited, await count(LoyaltyReferral)) == (True, 1)
    # The same link again, or another one, changes nothing and says nothing.
    _, second = await _inviter(place)
    for again in (code, second):
        begun = await _arrive(place, again, phone="tablet", at=31, client_id=client_id)
        assert not begun.is_invited
    async with reading() as session:
        [row] = (await session.scalars(sa.select(LoyaltyReferral))).all()
    assert (row.inviter_id, row.paid_at) == (inviter.id, None)


async def test_nobody_invites_themselves_or_who_was_here_before() -> None:
    place = await loyal_place(**PAID)
    guest, client_id = await _agree(place, (await _arrive(place)).guest)
    await _eat(place, guest)
    async with reading() as session:
        own = await session.scalar(sa.select(col(LoyaltyMember.invite_code)))
    _, code = await _inviter(place)
    for link in (str(own), code):
        begun = await _arrive(place, link, phone="tablet", at=30, client_id=client_id)
        assert (begun.is_invited, await _code_kept(begun.guest)) == (False, None)
    # Ordered without a name, and then the link: no new guest either.
    stranger = (await _arrive(place, phone="other")).guest
    await _eat(place, stranger)
    begun = await _arrive(place, code, phone="other")
    assert (begun.is_invited, await _code_kept(begun.guest)) == (False, None)
    assert await count(LoyaltyReferral) == 0


async def test_an_own_link_in_a_browser_that_recovers_its_record_later_pays_nothing() -> None:
    place = await loyal_place(**PAID)
    guest, client_id = await _agree(place, (await _arrive(place)).guest)
    await _eat(place, guest)
    async with reading() as session:
        own = str(await session.scalar(sa.select(col(LoyaltyMember.invite_code))))
    # As nobody, by their own link; then the browser shows who it is.
    begun = await _arrive(place, own, phone="private", at=30)
    assert begun.is_invited
    known = await _arrive(place, phone="private", at=30, client_id=client_id)
    assert known.guest.customer_id == guest.customer_id
    assert await count(LoyaltyReferral) == 0
    assert await balance_of(place, guest.customer_id) == (9, 0)


@pytest.mark.parametrize(
    "code", ["", "nobody", "x" * 33, "' OR 1=1 --", "\u0645", "../..", "%00", "theirs", "gone"]
)
async def test_links_that_were_tampered_with_open_the_menu_and_leave_nothing(code: str) -> None:
    place = await loyal_place(**PAID)
    other = await loyal_place(**PAID)
    if code == "theirs":
        _, code = await _inviter(other)
    elif code == "gone":
        forgotten, code = await _inviter(place)
        async with transaction() as session:
            (await session.get_one(Customer, forgotten.id)).consent_level = "essential"
    begun = await _arrive(place, code)
    assert (begun.is_invited, begun.notice, await _code_kept(begun.guest)) == (False, None, None)
    guest, _ = await _agree(place, begun.guest)
    await _eat(place, guest)
    assert await balance_of(place, guest.customer_id) == (9, 0)


@pytest.mark.parametrize("rules", [{"state": "paused"}, {"inviter_points": 0, "friend_points": 0}])
async def test_nothing_is_promised_that_no_programme_pays(rules: dict[str, str | int]) -> None:
    place = await loyal_place(**rules)
    _, code = await _inviter(place)
    begun = await _arrive(place, code)
    assert (begun.is_invited, await _code_kept(begun.guest)) == (False, None)


async def test_who_chooses_not_to_be_remembered_is_nobodys_friend() -> None:
    place = await loyal_place(**PAID)
    inviter, code = await _inviter(place)
    begun = await _arrive(place, code)
    guest, _ = await _agree(place, begun.guest, level=ConsentLevel.ESSENTIAL)
    await _eat(place, guest)
    assert await count(LoyaltyReferral) == 0
    assert await balance_of(place, inviter.id) == (0, 0)
    assert isinstance(guest.visit_id, UUID)
