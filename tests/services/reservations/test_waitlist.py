"""The queue: in order, anonymous, with an estimate that says what it rests on."""

import asyncio
from datetime import datetime, timedelta
from random import Random
from uuid import uuid4

import pytest

from models.enums import WaitStatus
from models.journal import OutboxMessage
from models.reservations import WaitlistEntry
from models.seating import Sitting
from services.base.database import reading, transaction
from services.reservations import tidying, waiting, waitlist
from services.reservations.errors import (
    PartySizeError,
    QueueClosedError,
    TooManyBookingsError,
    UnknownWaitError,
)
from services.reservations.estimate import Certainty, Estimate
from services.reservations.types import Contact, Queued, WaitChange
from services.reservations.waitlist import WaitDraft
from services.seating import turns
from services.seating.errors import TableTakenError
from tests.builders import NOW, make_sitting
from tests.services.reservations.dining import Dining, count, make_dining, rules

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def dining(database: object) -> Dining:
    made = await make_dining()
    await made.allow(rules())
    turns._kept.clear()
    return made


async def join(
    dining: Dining,
    party_size: int = 2,
    *,
    key: str = "",
    browser: str | None = None,
    contact: Contact | None = None,
    staff: bool = False,
    now: datetime = NOW,
) -> Queued:
    async with transaction() as session:
        return await waitlist.join(
            session,
            restaurant=dining.info,
            draft=WaitDraft(party_size, contact or Contact(), key or uuid4().hex),
            browser=browser,
            by=dining.actor if staff else None,
            now=now,
            rng=Random(1),
        )


async def step(dining: Dining, name: str, queued: Queued, **more: object) -> WaitChange:
    async with transaction() as session:
        return await getattr(waitlist, name)(
            session,
            restaurant_id=dining.info.id,
            entry_id=queued.entry_id,
            by=dining.actor,
            now=NOW,
            **more,
        )


async def estimate(dining: Dining, party_size: int) -> Estimate:
    async with reading() as session:
        return await waiting.estimate_for(
            session,
            restaurant_id=dining.info.id,
            party_size=party_size,
            queue=await waiting.load_queue(session, restaurant_id=dining.info.id),
            now=NOW,
        )


async def sit(dining: Dining, *numbers: str, minutes: int = 60) -> None:
    opened = NOW - timedelta(minutes=minutes)
    async with transaction() as session:
        for number in numbers:
            await make_sitting(
                session,
                restaurant=dining.row,
                table=dining.tables[number],
                opened_at=opened,
                party_size=2,
            )


async def past_evenings(dining: Dining, *lengths: int, party_size: int = 2) -> None:
    async with transaction() as session:
        for number, minutes in enumerate(lengths):
            opened = NOW - timedelta(days=2 + number)
            await make_sitting(
                session,
                restaurant=dining.row,
                table=dining.tables["1"],
                opened_at=opened,
                first_order_at=opened,
                released_at=opened + timedelta(minutes=minutes),
                party_size=party_size,
            )


async def test_eight_join_at_once_and_stand_in_one_order(dining: Dining) -> None:
    joined = await asyncio.gather(*(join(dining) for _ in range(8)))

    async with reading() as session:
        queue = await waitlist.load_waiting(session, restaurant_id=dining.info.id)
    assert {one.id for one in queue} == {one.entry_id for one in joined}
    # The same dice for all of them: nobody is called by another's name.
    assert len({one.alias for one in queue}) == 8


async def test_a_form_sent_twice_is_one_place(dining: Dining) -> None:
    twice = await asyncio.gather(*(join(dining, key="form-1") for _ in range(3)))

    assert len({one.token for one in twice}) == 1
    assert await count(WaitlistEntry) == 1


async def test_one_browser_stands_in_the_queue_once(dining: Dining) -> None:
    queued = await join(dining, browser="b" * 64)
    with pytest.raises(TooManyBookingsError):
        await join(dining, browser="b" * 64)

    await step(dining, "leave", queued)
    await join(dining, browser="b" * 64)


async def test_a_closed_queue_is_closed_for_guests_only(dining: Dining) -> None:
    await dining.allow(rules(guests_may_queue=False))

    with pytest.raises(QueueClosedError):
        await join(dining)
    await join(dining, staff=True)


@pytest.mark.parametrize("party_size", [0, 9, 500])
async def test_sizes_nobody_can_seat_are_refused(dining: Dining, party_size: int) -> None:
    with pytest.raises(PartySizeError):
        await join(dining, party_size)
    assert await count(WaitlistEntry) == 0


async def test_with_a_free_table_nobody_waits(dining: Dining) -> None:
    await sit(dining, "1", "2")

    assert await estimate(dining, 4) == Estimate(Certainty.FREE_NOW)


async def test_a_table_that_is_booked_soon_is_not_free_for_the_queue(dining: Dining) -> None:
    await sit(dining, "1", "2")
    await dining.book(2, table="3", at=NOW + timedelta(minutes=30))

    found = await estimate(dining, 2)

    # Tables 1 and 2 count; both parties have sat for 60 of 90 assumed minutes, which spread evenly
    # over 54 to 126 in 21 steps of 3.6: 19 of them are longer than 60.
    assert found.certainty is Certainty.ASSUMED
    assert found.low_minutes == 20
    assert found.high_minutes == 40


async def test_who_sits_at_a_booked_table_still_leaves_it_to_the_queue(dining: Dining) -> None:
    booked = await dining.book(2, table="1", at=NOW)
    await sit(dining, "2", "3")
    await dining.change("arrive", booked)

    assert (await estimate(dining, 2)).certainty is Certainty.ASSUMED
    await dining.allow(rules(minutes_for_two=30))
    assert (await estimate(dining, 2)).low_minutes > 0


async def test_past_evenings_of_such_parties_are_what_is_reckoned_with(dining: Dining) -> None:
    await past_evenings(dining, *range(50, 70, 2))
    await past_evenings(dining, *[170] * 10, party_size=5)
    await sit(dining, "1", "2", "3", minutes=40)

    # All ten turns are longer than 40: 50, 52, .. 68. Three tables: 1 - (1 - p)^3 is .488 at
    # p = 2/10 (52), .657 at 3/10 (54), .784 at 4/10, .875 at 5/10 (58).
    assert await estimate(dining, 2) == Estimate(Certainty.MEASURED, 15, 20)
    # Only two tables have four chairs, and five people fit nowhere.
    assert await estimate(dining, 5) == Estimate(Certainty.UNKNOWN)


async def test_everybody_ahead_makes_the_wait_longer(dining: Dining) -> None:
    await past_evenings(dining, *range(50, 70, 2))
    await sit(dining, "1", "2", "3", minutes=40)
    await join(dining)
    await join(dining)

    # The third of three tables: p^3 reaches .5 at p = 8/10 (64) and .8 at 10/10 (68).
    assert await estimate(dining, 2) == Estimate(Certainty.MEASURED, 25, 30)


async def test_what_was_told_is_kept(dining: Dining) -> None:
    await sit(dining, "1", "2", "3")
    queued = await join(dining)

    async with reading() as session:
        shown = await waitlist.find_by_token(session, token=queued.token)
        row = await session.get_one(WaitlistEntry, queued.entry_id)

    assert shown is not None
    assert shown.quoted == (row.quoted_low_minutes, row.quoted_high_minutes)
    assert shown.quoted != (None, None)


async def test_called_and_seated(dining: Dining) -> None:
    queued = await join(dining, contact=Contact(phone="+4930901820"))
    await step(dining, "notify", queued)
    again = await step(dining, "notify", queued)
    assert again.status is WaitStatus.NOTIFIED
    # People call whoever left a number: nothing is promised that nobody sends.
    assert await count(OutboxMessage) == 0

    change = await step(dining, "seat", queued, table_id=dining.tables["1"].id)
    assert change.status is WaitStatus.SEATED
    assert await count(Sitting) == 1

    for name, more in (
        ("notify", {}),
        ("leave", {}),
        ("seat", {"table_id": dining.tables["2"].id}),
    ):
        with pytest.raises(UnknownWaitError):
            await step(dining, name, queued, **more)
    assert await count(Sitting) == 1


async def test_nobody_is_put_on_somebody_s_lap(dining: Dining) -> None:
    await sit(dining, "1")
    queued = await join(dining)

    with pytest.raises(TableTakenError):
        await step(dining, "seat", queued, table_id=dining.tables["1"].id)
    async with reading() as session:
        [row] = await waitlist.load_waiting(session, restaurant_id=dining.info.id)
        spots = await waiting.seat_suggestions(
            session, restaurant_id=dining.info.id, party_size=2, now=NOW
        )
    assert row.status is WaitStatus.WAITING
    assert [spot.numbers for spot in spots] == ["2", "3"]


async def test_a_guest_leaves_by_link_once(dining: Dining) -> None:
    queued = await join(dining)
    async with transaction() as session:
        change = await waitlist.leave_by_token(session, token=queued.token, now=NOW)
    assert change.status is WaitStatus.LEFT

    for token in (queued.token, "0" * 32, ""):
        with pytest.raises(UnknownWaitError):
            async with transaction() as session:
                await waitlist.leave_by_token(session, token=token, now=NOW)


async def test_another_restaurant_reaches_nobody(dining: Dining) -> None:
    queued, there = await join(dining), await make_dining()

    with pytest.raises(UnknownWaitError):
        await step(there, "leave", queued)


async def test_who_forgot_to_leave_goes_after_four_hours_and_is_forgotten(dining: Dining) -> None:
    queued = await join(dining, contact=Contact(name="Ana", phone="+4930901820"))
    end = NOW + timedelta(hours=4)
    async with transaction() as session:
        assert await tidying.close_waits(session, now=end - timedelta(seconds=1)) == set()
        assert await tidying.close_waits(session, now=end) == {dining.info.id}
        assert await tidying.forget_past(session, now=end + timedelta(days=1)) == 1

    async with reading() as session:
        row = await session.get_one(WaitlistEntry, queued.entry_id)
    assert (row.status, row.name_encrypted, row.phone_number_encrypted) == ("left", None, None)
