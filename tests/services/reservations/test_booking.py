"""Booking: the best table, never twice, never when it cannot be."""

import asyncio
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.enums import TableStatus
from models.reservations import ReservationSlot, TableReservation
from models.seating import Table
from services.base.database import reading, transaction
from services.base.errors import InvalidInputError, SmartMenuError
from services.base.secrets import token_hash
from services.reservations import availability, holding, settings
from services.reservations.booking import BookingDraft, book_by_staff
from services.reservations.errors import (
    BookingClosedError,
    ClosedThenError,
    FormSentElsewhereError,
    NoSuchTimeError,
    NoTableError,
    PartySizeError,
    PastTimeError,
    TableBookedError,
    TableOutError,
    TableTooSmallError,
    TooFarError,
    TooManyBookingsError,
    TooSoonError,
)
from services.reservations.types import Booked, Contact, ReservationRules
from services.restaurants import queries as restaurants
from services.restaurants import special_days
from services.restaurants.types import RestaurantInfo
from services.seating.errors import UnknownTableError
from tests.builders import NOW, make_sitting
from tests.services.reservations.dining import (
    ANA,
    TONIGHT,
    Dining,
    count,
    ids,
    later,
    make_dining,
    rules,
)

pytestmark = pytest.mark.usefixtures("database")
LUNCH_AND_DINNER = {day: [["12:00", "15:00"], ["18:00", "23:00"]] for day in ("wed", "thu")}


@pytest.fixture
async def dining(database: object) -> Dining:
    return await make_dining()


async def test_eight_at_once_for_one_table_make_one_reservation(dining: Dining) -> None:
    tried = await asyncio.gather(
        *(dining.book(table="1", at=later(15 * n)) for n in range(6)),
        *(dining.book(table="1") for _ in range(2)),
        return_exceptions=True,
    )

    # 90 minutes: any two of these six starts overlap.
    made = [one for one in tried if isinstance(one, Booked)]
    assert len(made) == 1
    assert {type(one) for one in tried} == {Booked, TableBookedError}
    assert await count(TableReservation) == 1
    assert await count(ReservationSlot) == 6


async def test_eight_at_once_fill_the_room_and_no_table_twice(dining: Dining) -> None:
    await dining.allow(rules())
    tried = await asyncio.gather(
        *(dining.book_as_guest(2) for _ in range(8)), return_exceptions=True
    )

    made = [one for one in tried if isinstance(one, Booked)]
    assert len(made) == 3
    assert [type(one) for one in tried].count(NoTableError) == 5
    held = [await dining.tables_of(one) for one in made]
    assert sorted(min(one) for one in held) == ["1", "2", "3"]


async def test_without_the_lock_the_index_still_refuses(dining: Dining) -> None:
    """Eight that hold quarter hours directly, as code would that forgets to take turns."""
    booked = [await dining.book(table="1", at=later(120 * n)) for n in range(8)]
    async with transaction() as session:
        await session.execute(sa.delete(ReservationSlot))

    async def hold(one: Booked) -> bool:
        async with transaction() as session:
            return await holding.try_to_hold(
                session,
                restaurant_id=dining.info.id,
                reservation_id=one.reservation_id,
                table_ids=ids(dining.tables["2"], dining.tables["1"]),
                starts_at=TONIGHT,
                ends_at=later(90),
                now=NOW,
            )

    assert sorted(await asyncio.gather(*(hold(one) for one in booked))) == [False] * 7 + [True]
    assert await count(ReservationSlot) == 12


async def test_parties_follow_one_another_to_the_minute(dining: Dining) -> None:
    await dining.book(2, table="1")

    assert await dining.tables_of(await dining.book(2, table="1", at=later(90))) == {"1"}
    with pytest.raises(TableBookedError):
        await dining.book(2, table="1", at=later(75))


async def test_the_smallest_table_then_larger_ones_then_neighbours(dining: Dining) -> None:
    first = await dining.book(2)
    second = await dining.book(2)
    assert await dining.tables_of(first) == {"1"}
    assert await dining.tables_of(second) == {"2"}

    joined = await dining.book(6, at=later(240))
    assert await dining.tables_of(joined) == {"2", "3"}
    with pytest.raises(NoTableError):
        await dining.book(3, at=later(300))


async def test_tables_are_not_joined_where_the_restaurant_does_not(dining: Dining) -> None:
    await dining.allow(ReservationRules(may_join_tables=False))

    with pytest.raises(NoTableError):
        await dining.book(6)
    assert await count(TableReservation) == 0


@pytest.mark.parametrize("party_size", [0, -1, 500])
async def test_nobody_and_five_hundred_are_no_party(dining: Dining, party_size: int) -> None:
    with pytest.raises(PartySizeError):
        await dining.book(party_size)
    assert await count(TableReservation) == 0


async def test_a_table_with_too_few_chairs_is_refused(dining: Dining) -> None:
    with pytest.raises(TableTooSmallError) as refused:
        await dining.book(3, table="1")
    assert refused.value.facts == {"table": "1", "seats": 2}
    assert await count(TableReservation) == 0


async def test_the_past_is_over_but_the_running_quarter_hour_is_not(dining: Dining) -> None:
    with pytest.raises(PastTimeError):
        await dining.book(at=NOW - timedelta(minutes=15))
    await dining.book(at=NOW, now=NOW + timedelta(minutes=14))


async def test_times_between_quarters_do_not_exist(dining: Dining) -> None:
    with pytest.raises(NoSuchTimeError):
        await dining.book(at=later(7))


async def test_two_years_ahead_nobody_plans(dining: Dining) -> None:
    with pytest.raises(TooFarError):
        await dining.book(at=TONIGHT + timedelta(days=800))


async def restaurant_now(dining: Dining) -> RestaurantInfo:
    async with reading() as session:
        return await restaurants.get(session, dining.info.id)


async def test_a_closed_hour_and_a_closed_day() -> None:
    dining = await make_dining(opening_hours=LUNCH_AND_DINNER)
    tomorrow = TONIGHT + timedelta(days=1)
    with pytest.raises(ClosedThenError):
        # 16:00 in Berlin.
        await dining.book(at=tomorrow.replace(hour=14))
    with pytest.raises(ClosedThenError):
        # Friday has no hours at all.
        await dining.book(at=TONIGHT + timedelta(days=2))
    await dining.book(at=tomorrow)

    async with transaction() as session:
        await special_days.set_special_day(
            session, actor=dining.actor, day=date(2026, 5, 21), name="Feast", hours=[], now=NOW
        )
    dining.info = await restaurant_now(dining)
    with pytest.raises(ClosedThenError):
        await dining.book(at=TONIGHT + timedelta(days=8))


async def test_a_booking_after_midnight_is_in_last_night_s_opening_hours() -> None:
    dining = await make_dining(opening_hours={"wed": [["18:00", "02:00"]]})

    # Thursday 00:30 in Berlin; Thursday itself is closed.
    booked = await dining.book(at=later(150))

    assert (await dining.stored(booked)).reservation_at == later(150)
    with pytest.raises(ClosedThenError):
        await dining.book(at=later(240))


async def test_a_table_out_of_service_or_of_another_restaurant_is_refused(dining: Dining) -> None:
    there = await make_dining()
    async with transaction() as session:
        row = await session.get_one(Table, dining.tables["1"].id)
        row.status = TableStatus.OUT_OF_SERVICE

    with pytest.raises(TableOutError):
        await dining.book(table="1")
    assert await dining.tables_of(await dining.book(2)) == {"2"}
    with pytest.raises(UnknownTableError):
        await book_by(dining, there.tables["1"])


async def book_by(dining: Dining, table: Table) -> None:
    draft = BookingDraft(2, TONIGHT, ANA, submit_key="k" * 12, table_ids=[table.id])
    async with transaction() as session:
        await book_by_staff(session, restaurant=dining.info, draft=draft, by=dining.actor, now=NOW)


async def test_who_sits_there_now_is_expected_to_leave_in_time(dining: Dining) -> None:
    async with transaction() as session:
        for number in ("1", "2", "3"):
            await make_sitting(session, restaurant=dining.row, table=dining.tables[number])

    with pytest.raises(NoTableError):
        await dining.book(at=later(-15), now=NOW)
    await dining.book(at=NOW + timedelta(minutes=90))


async def test_a_form_s_key_opens_nothing_for_another_browser(dining: Dining) -> None:
    """Whoever reads a key over a shoulder would else be led to the link of the reservation."""
    await dining.allow(rules())
    first = await dining.book_as_guest(key="form-1", browser="a" * 64)

    for other in ("b" * 64, None):
        with pytest.raises(FormSentElsewhereError):
            await dining.book_as_guest(key="form-1", browser=other)
    again = await dining.book_as_guest(key="form-1", browser="a" * 64)
    assert (again.token, again.is_repeated) == (first.token, True)
    assert await count(TableReservation) == 1


async def test_the_same_form_twice_books_once(dining: Dining) -> None:
    await dining.allow(rules())
    twice = await asyncio.gather(*(dining.book_as_guest(key="form-1") for _ in range(4)))

    assert len({one.token for one in twice}) == 1
    assert sorted(one.is_repeated for one in twice) == [False, True, True, True]
    assert await count(TableReservation) == 1


async def test_guests_book_only_where_and_how_the_restaurant_allows(dining: Dining) -> None:
    with pytest.raises(BookingClosedError):
        await dining.book_as_guest()
    await dining.allow(rules(smallest_party=2, largest_party=6, most_days_ahead=7))

    for size in (1, 7, 0):
        with pytest.raises(PartySizeError):
            await dining.book_as_guest(size)
    with pytest.raises(PastTimeError):
        await dining.book_as_guest(at=NOW - timedelta(minutes=30))
    with pytest.raises(TooSoonError):
        await dining.book_as_guest(at=NOW + timedelta(minutes=15))
    with pytest.raises(TooFarError):
        await dining.book_as_guest(at=TONIGHT + timedelta(days=8))
    with pytest.raises(ClosedThenError):
        # Offered are full and half hours.
        await dining.book_as_guest(at=later(15))
    assert await count(TableReservation) == 0


async def test_one_browser_holds_three_tables_at_most(dining: Dining) -> None:
    await dining.allow(rules())
    for n in range(3):
        await dining.book_as_guest(at=later(120 * n), browser="b" * 64)

    with pytest.raises(TooManyBookingsError):
        await dining.book_as_guest(at=later(480), browser="b" * 64)
    await dining.book_as_guest(at=later(480), browser="c" * 64)


async def test_no_more_guests_arrive_at_once_than_the_kitchen_wants(dining: Dining) -> None:
    await dining.allow(rules(most_guests_per_step=4))
    await dining.book_as_guest(3)

    with pytest.raises(NoTableError):
        await dining.book_as_guest(2)
    await dining.book_as_guest(2, at=later(30))
    # Staff know what they do.
    await dining.book(2)


async def test_nothing_personal_is_stored_in_the_clear(dining: Dining) -> None:
    booked = await dining.book()

    row = await dining.stored(booked)
    text = " ".join(str(value) for value in row.model_dump().values())
    for part in ("Ana", "Kowalska", "901820", "ana@", "window", booked.token):
        assert part not in text
    assert row.token_hash == token_hash(booked.token)


@pytest.mark.parametrize(
    ("field", "contact"),
    [
        ("name", Contact(name="x" * 61)),
        ("phone", Contact(phone="call me")),
        ("email", Contact(email="ana at home")),
        ("wishes", Contact(wishes="x" * 301)),
    ],
)
async def test_a_contact_that_cannot_be_names_its_field(
    dining: Dining, field: str, contact: Contact
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        await dining.book(contact=contact)
    assert refused.value.field == field
    assert await count(TableReservation) == 0


async def test_offered_times_say_which_are_free(dining: Dining) -> None:
    await dining.allow(rules(lead_minutes=0, largest_party=8))
    for number in ("1", "2", "3"):
        await dining.book(2, table=number, at=later(60))

    async def free(party_size: int, now: datetime = NOW) -> list[datetime]:
        async with reading() as session:
            times = await availability.load_times(
                session,
                restaurant=dining.info,
                day=date(2026, 5, 13),
                party_size=party_size,
                now=now,
            )
        return [one.starts_at for one in times if one.is_free]

    # From 20:30 to 04:30; all tables are taken from 23:00 to 00:30, and a party of two stays 90.
    assert await free(2) == [later(-90), later(-60), later(-30)] + [
        later(minutes) for minutes in range(150, 391, 30)
    ]
    assert await free(9) == []


async def test_bad_settings_are_refused_and_nothing_is_saved(dining: Dining) -> None:
    for bad, field in (
        (rules(smallest_party=0), "smallest_party"),
        (rules(smallest_party=9, largest_party=8), "largest_party"),
        (rules(step_minutes=7), "step_minutes"),
        (rules(minutes_for_two=100), "minutes_for_two"),
        (rules(retention_days=0), "retention_days"),
    ):
        with pytest.raises(InvalidInputError) as refused:
            await dining.allow(bad)
        assert refused.value.field == field
    async with reading() as session:
        found = await settings.load_rules(session, restaurant_id=dining.info.id)
    assert found == ReservationRules()


async def test_two_restaurants_see_nothing_of_each_other(dining: Dining) -> None:
    there = await make_dining()
    booked = await dining.book()

    with pytest.raises(SmartMenuError):
        await there.change("cancel", booked)
    async with reading() as session:
        mine = await session.scalar(
            sa.select(sa.func.count())
            .select_from(TableReservation)
            .where(col(TableReservation.restaurant_id) == there.info.id)
        )
    assert mine == 0
