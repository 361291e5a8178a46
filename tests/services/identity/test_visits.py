"""A visit: begins once, goes on, ends, and belongs to one restaurant."""

import asyncio
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.customers import Customer
from models.enums import ConsentLevel
from models.events import CustomerEvent
from models.restaurants import Restaurant
from models.seating import CodeScan, Sitting, TableCode
from models.visits import Visit
from services.base.database import reading, transaction
from services.base.errors import NotFoundError
from services.guests import visits
from services.identity.types import Arrival, SeatNotice, Signals
from tests import builders
from tests.builders.arrivals import RNG, agree, arrive
from tests.builders.moments import NOW
from tests.services.identity.rooms import count, room

pytestmark = pytest.mark.usefixtures("database")


async def test_a_scan_seats_a_guest_without_making_a_customer() -> None:
    async with transaction() as session:
        info, table, code = await room(session)
        begun = await arrive(session, info, "phone-1", table_code=code)
    async with reading() as session:
        visit = (await session.scalars(sa.select(Visit))).one()
        sitting = (await session.scalars(sa.select(Sitting))).one()
        kinds = list(
            await session.scalars(sa.select(CustomerEvent.event_type).order_by(CustomerEvent.id))
        )
        assert await count(session, Customer) == 0
        assert await count(session, CodeScan) == 1
        assert await session.scalar(sa.select(TableCode.scan_count)) == 1
    assert kinds == ["scan", "menu_view"]
    assert (begun.is_new, begun.notice, begun.left_table_id) == (True, None, None)
    assert begun.guest.table_id == table.id
    assert begun.guest.sitting_id == sitting.id
    assert begun.guest.customer_id is None
    assert begun.guest.consent_level is None
    assert visit.business_day.isoformat() == "2026-05-13"
    assert len(visit.session_hash or "") == 64
    assert "phone-1" not in (visit.session_hash or "")


async def test_a_second_tab_goes_on_with_the_visit_and_is_no_second_scan() -> None:
    async with transaction() as session:
        info, _, code = await room(session)
        first = await arrive(session, info, "phone-1", table_code=code)
        second = await arrive(
            session, info, "phone-1", table_code=code, now=NOW + timedelta(minutes=5)
        )
        without_code = await arrive(session, info, "phone-1", now=NOW + timedelta(minutes=6))
    async with reading() as session:
        visit = (await session.scalars(sa.select(Visit))).one()
        assert await count(session, CodeScan) == 1
    assert second.guest == first.guest == without_code.guest
    assert (second.is_new, without_code.is_new) == (False, False)
    assert visit.menu_views == 3
    assert visit.last_alive_at == NOW + timedelta(minutes=6)


async def test_beginning_twice_at_once_makes_one_visit() -> None:
    async with transaction() as session:
        info, _, code = await room(session)

    async def one_tab() -> object:
        async with transaction() as session:
            return (await arrive(session, info, "phone-1", table_code=code)).guest.visit_id

    found = await asyncio.gather(*(one_tab() for _ in range(8)))
    async with reading() as session:
        assert await count(session, Visit) == 1
        assert await count(session, Sitting) == 1
        assert await session.scalar(sa.select(TableCode.scan_count)) == 1
        assert await session.scalar(sa.select(Visit.menu_views)) == 8
    assert len(set(found)) == 1


async def test_two_phones_at_one_table_share_the_sitting_and_stay_two_customers() -> None:
    async with transaction() as session:
        info, _, code = await room(session)
        ana = await arrive(session, info, "phone-1", table_code=code)
        ben = await arrive(session, info, "phone-2", table_code=code)
        ana_agreed = await agree(session, info, ana.guest)
        ben_agreed = await agree(session, info, ben.guest)
    async with reading() as session:
        assert await count(session, Sitting) == 1
        assert await count(session, Customer) == 2
    assert ana.guest.sitting_id == ben.guest.sitting_id
    assert ana.guest.alias != ben.guest.alias
    assert ana_agreed.guest.customer_id != ben_agreed.guest.customer_id
    assert ana_agreed.client_id != ben_agreed.client_id


async def test_a_visit_ends_after_three_hours_without_a_sign_of_life() -> None:
    async with transaction() as session:
        info, _, _ = await room(session)
        first = await arrive(session, info, "phone-1")
        late = NOW + timedelta(hours=3)
        shown = Signals("phone-1")
        just_before = await visits.find_guest(
            session, restaurant=info, signals=shown, now=late - timedelta(seconds=1)
        )
        after = await visits.find_guest(session, restaurant=info, signals=shown, now=late)
        is_alive = await visits.touch_visit(session, guest=first.guest, now=late)
        second = await arrive(session, info, "phone-1", now=late)
    assert just_before == first.guest
    assert after is None
    assert is_alive is False
    assert second.is_new is True
    assert second.guest.visit_id != first.guest.visit_id
    async with reading() as session:
        ended = await session.get_one(Visit, first.guest.visit_id)
        assert ended.ended_at == NOW


async def test_a_visit_ends_with_its_sitting() -> None:
    async with transaction() as session:
        info, _, code = await room(session)
        first = await arrive(session, info, "phone-1", table_code=code)
        await session.execute(sa.update(Sitting).values(released_at=NOW, release_reason="settled"))
        later = NOW + timedelta(minutes=1)
        gone = await visits.find_guest(
            session, restaurant=info, signals=Signals("phone-1"), now=later
        )
        second = await arrive(session, info, "phone-1", table_code=code, now=later)
    assert gone is None
    assert second.is_new is True
    assert second.guest.sitting_id != first.guest.sitting_id


async def test_time_alive_adds_up_but_a_pocket_does_not_count() -> None:
    async with transaction() as session:
        info, _, _ = await room(session)
        guest = (await arrive(session, info, "phone-1")).guest
        # 30 s + 120 s on the menu, 40 minutes in a pocket, 60 s more: 210 s.
        for seconds in (30, 150, 2550, 2610):
            await visits.touch_visit(session, guest=guest, now=NOW + timedelta(seconds=seconds))
        visit = await session.get_one(Visit, guest.visit_id)
    assert visit.session_duration_seconds == 210


async def test_another_table_code_moves_the_visit() -> None:
    async with transaction() as session:
        info, table, code = await room(session)
        restaurant = await session.get_one(Restaurant, info.id)
        other = await builders.make_table(session, restaurant=restaurant)
        other_code = await session.scalar(
            sa.select(TableCode.code).where(TableCode.table_id == other.id)
        )
        first = await arrive(session, info, "phone-1", table_code=code)
        moved = await arrive(session, info, "phone-1", table_code=other_code)
        back = await visits.move_visit(
            session, restaurant=info, guest=moved.guest, table_id=table.id, now=NOW
        )
        again = await visits.move_visit(
            session, restaurant=info, guest=back.guest, table_id=table.id, now=NOW
        )
    assert moved.guest.visit_id == first.guest.visit_id
    assert (moved.guest.table_id, moved.left_table_id) == (other.id, table.id)
    assert moved.notice is SeatNotice.MOVED
    assert (back.guest.table_id, back.left_table_id) == (table.id, other.id)
    assert (again.notice, again.left_table_id) == (None, None)


async def test_nobody_moves_to_a_table_of_another_restaurant() -> None:
    async with transaction() as session:
        info, table, code = await room(session)
        _, foreign, _ = await room(session)
        guest = (await arrive(session, info, "phone-1", table_code=code)).guest
        with pytest.raises(NotFoundError):
            await visits.move_visit(
                session, restaurant=info, guest=guest, table_id=foreign.id, now=NOW
            )
        visit = await session.get_one(Visit, guest.visit_id)
        assert visit.table_id == table.id
        assert await count(session, Sitting) == 1


@pytest.mark.parametrize("code", ["NOSUCHCODE", "foreign"])
async def test_an_unknown_or_foreign_code_seats_nobody_and_says_so(code: str) -> None:
    async with transaction() as session:
        info, _, _ = await room(session)
        _, _, foreign_code = await room(session)
        begun = await arrive(
            session, info, "phone-1", table_code=foreign_code if code == "foreign" else code
        )
        assert await count(session, Sitting) == 0
        assert await count(session, CodeScan) == 0
    assert begun.notice is SeatNotice.UNKNOWN_CODE
    assert (begun.guest.table_id, begun.guest.sitting_id) == (None, None)


async def test_an_old_code_counts_its_scan_seats_nobody_and_says_so() -> None:
    async with transaction() as session:
        info, _, code = await room(session)
        await session.execute(sa.update(TableCode).values(revoked_at=NOW))
        begun = await arrive(session, info, "phone-1", table_code=code)
        assert await count(session, Sitting) == 0
        assert await session.scalar(sa.select(TableCode.scan_count)) == 1
    assert begun.notice is SeatNotice.OLD_CODE
    assert begun.guest.sitting_id is None


async def test_two_restaurants_never_share_an_identifier() -> None:
    async with transaction() as session:
        info, _, code = await room(session)
        other, _, other_code = await room(session)
        here = await arrive(session, info, "phone-1", table_code=code)
        agreed = await agree(session, info, here.guest)
        shown = Signals("phone-1", agreed.client_id or "", agreed.client_token or "")
        assert await visits.find_guest(session, restaurant=other, signals=shown, now=NOW) is None
        there = await arrive(
            session,
            other,
            "phone-1",
            table_code=other_code,
            client_id=agreed.client_id or "",
            client_token=agreed.client_token or "",
        )
        hashes = list(await session.scalars(sa.select(Visit.session_hash)))
    assert there.guest.customer_id is None
    assert there.guest.visit_id != here.guest.visit_id
    assert len(set(hashes)) == 2


async def test_a_cookie_finds_the_guest_on_the_next_evening() -> None:
    tomorrow = NOW + timedelta(days=1)
    async with transaction() as session:
        info, table, code = await room(session)
        first = await arrive(session, info, "phone-1", table_code=code)
        agreed = await agree(session, info, first.guest)
        again = await arrive(
            session, info, "new-session", client_id=agreed.client_id or "", now=tomorrow
        )
        customer = await session.get_one(Customer, again.guest.customer_id)
    assert again.guest.customer_id == agreed.guest.customer_id
    assert again.guest.alias == first.guest.alias == customer.alias
    assert again.guest.consent_level is ConsentLevel.REMEMBER
    assert (customer.total_visits, customer.visit_days) == (2, 2)
    assert customer.last_seen_at == tomorrow
    assert customer.preferred_table_id == table.id


async def test_the_cookie_outranks_the_token_and_the_session() -> None:
    async with transaction() as session:
        info, _, _ = await room(session)
        ana = await agree(session, info, (await arrive(session, info, "phone-1")).guest)
        ben = await agree(session, info, (await arrive(session, info, "phone-2")).guest)
        shown = Signals("phone-2", ana.client_id or "", ben.client_token or "")
        by_cookie = await visits.find_guest(session, restaurant=info, signals=shown, now=NOW)
        by_token = await visits.find_guest(
            session,
            restaurant=info,
            signals=Signals("phone-2", "made up", ana.client_token or ""),
            now=NOW,
        )
        by_session = await visits.find_guest(
            session, restaurant=info, signals=Signals("phone-2", "made up", "nothing"), now=NOW
        )
    assert by_cookie == ana.guest
    assert by_token == ana.guest
    assert by_session == ben.guest


async def test_nobody_without_a_session_cookie_is_found() -> None:
    async with transaction() as session:
        info, _, _ = await room(session)
        await arrive(session, info, "")
        assert (
            await visits.find_guest(session, restaurant=info, signals=Signals(""), now=NOW) is None
        )


async def test_only_three_words_of_the_device_and_the_host_are_kept() -> None:
    async with transaction() as session:
        info, _, _ = await room(session)
        begun = await visits.begin_visit(
            session,
            restaurant=info,
            signals=Signals("phone-1"),
            arrival=Arrival(
                language="ar",
                device_info={"kind": "phone", "raw": "Mozilla/5.0 (iPhone)", "system": "iOS"},
                referrer="https://www.google.com/search?q=my+secret",
            ),
            now=NOW,
            rng=RNG,
        )
        visit = await session.get_one(Visit, begun.guest.visit_id)
    assert visit.device_info == {"kind": "phone", "system": "iOS"}
    assert visit.referrer == "www.google.com"
    assert visit.language == begun.guest.language == "ar"


async def test_an_area_code_tells_the_area_and_opens_no_sitting() -> None:
    async with transaction() as session:
        restaurant = await builders.make_restaurant(session)
        area = await builders.make_area(session, restaurant=restaurant)
        code = await builders.make_table_code(session, restaurant=restaurant, area=area)
        info = await builders.restaurant_info(session, restaurant)
        begun = await visits.begin_visit(
            session,
            restaurant=info,
            signals=Signals("phone-1"),
            arrival=Arrival(area_code=code.code),
            now=NOW,
            rng=RNG,
        )
        assert await count(session, Sitting) == 0
        assert (
            await session.scalar(
                sa.select(TableCode.scan_count).where(col(TableCode.id) == code.id)
            )
            == 1
        )
    assert (begun.guest.area_id, begun.guest.table_id, begun.notice) == (area.id, None, None)


@pytest.mark.parametrize(
    ("kind", "name"), [("general", "general_code"), ("campaign", "campaign_code")]
)
async def test_codes_without_a_place_are_counted_once_a_visit_and_seat_nobody(
    kind: str, name: str
) -> None:
    async with transaction() as session:
        restaurant = await builders.make_restaurant(session)
        code = await builders.make_table_code(session, restaurant=restaurant, kind=kind)
        info = await builders.restaurant_info(session, restaurant)
        for _ in range(2):
            begun = await visits.begin_visit(
                session,
                restaurant=info,
                signals=Signals("phone-1"),
                arrival=Arrival(**{name: code.code}),
                now=NOW,
                rng=RNG,
            )
        assert (await count(session, Sitting), await count(session, CodeScan)) == (0, 1)
        visit = await session.get_one(Visit, begun.guest.visit_id)
    assert visit.table_code_id == code.id
    assert (begun.guest.area_id, begun.guest.table_id, begun.notice) == (None, None, None)


async def test_nobody_is_seated_at_a_table_that_is_out_of_service() -> None:
    async with transaction() as session:
        info, table, code = await room(session)
        table.status = "out_of_service"
        await session.flush()
        begun = await arrive(session, info, "phone-1", table_code=code)
        assert await count(session, Sitting) == 0
        assert await count(session, CodeScan) == 1
    assert begun.notice is SeatNotice.TABLE_CLOSED
    assert (begun.guest.sitting_id, begun.guest.table_id) == (None, None)
