"""Where a party at the door can sit. Both databases."""

from datetime import timedelta
from uuid import UUID

import pytest

from models.enums import ConsentLevel, TableStatus
from models.seating import Area, Table
from services.base.database import reading, transaction
from services.floor import seating_help
from services.floor.seating_help import SeatingHelp, minutes_left
from services.seating import tables, welcoming
from services.seating.errors import TableOutOfServiceError, TableTakenError
from tests.builders import NOW, make_customer, make_sitting, make_table
from tests.services.ordering_room import Room, make_room

pytestmark = pytest.mark.usefixtures("database")


async def with_tables(*seats: int) -> tuple[Room, dict[str, Table]]:
    """Table 7 for four, and T1, T2, ... with so many chairs."""
    room = await make_room()
    found = {"7": room.table}
    async with transaction() as session:
        area = await session.get_one(Area, room.table.area_id)
        for index, capacity in enumerate(seats, start=1):
            found[f"T{index}"] = await make_table(
                session, restaurant=room.row, area=area, table_number=f"T{index}", capacity=capacity
            )
    return room, found


async def help_for(room: Room, size: int, customer_id: UUID | None = None) -> SeatingHelp:
    async with reading() as session:
        return await seating_help.suggest(
            session,
            restaurant_id=room.info.id,
            party_size=size,
            now=NOW,
            customer_id=customer_id,
        )


async def past(room: Room, table: Table, *minutes: int) -> None:
    async with transaction() as session:
        for day, length in enumerate(minutes, start=1):
            opened = NOW - timedelta(days=day)
            await make_sitting(
                session,
                restaurant=room.row,
                table=table,
                opened_at=opened,
                first_order_at=opened,
                released_at=opened + timedelta(minutes=length),
                release_reason="orders_completed",
            )


async def sit(room: Room, table: Table, minutes: int) -> None:
    async with transaction() as session:
        await make_sitting(
            session,
            restaurant=room.row,
            table=table,
            opened_at=NOW - timedelta(minutes=minutes),
        )


async def test_the_fewest_empty_chairs_come_first_and_too_small_tables_never() -> None:
    room, _ = await with_tables(2, 6, 3)
    found = await help_for(room, 3)
    assert [(one.number, one.spare_count) for one in found.free] == [("T3", 0), ("7", 1), ("T2", 3)]
    assert (await help_for(room, 7)).free == ()


async def test_tables_free_soon_by_the_median_of_their_past() -> None:
    room, found = await with_tables(4, 2, 2)
    await past(room, found["T1"], 50, 60, 70, 80, 200)
    await past(room, found["T2"], 30, 40, 50, 60)
    for number, minutes in (("7", 20), ("T1", 60), ("T2", 10)):
        await sit(room, found[number], minutes)
    shown = await help_for(room, 2)
    # Table 7 has no past of its own: tables for four stay 70 minutes, as T1 does.
    assert [(one.number, one.minutes) for one in shown.soon] == [
        ("T1", 10),
        ("7", 50),
        ("T2", None),
    ]
    assert [one.number for one in shown.free] == ["T3"]


@pytest.mark.parametrize(
    ("own", "like", "elapsed", "left"),
    [
        ([60] * 5, [10] * 9, 15, 45),
        ([60] * 4, [90, 90, 90, 90, 90], 15, 75),
        ([60] * 4, [90] * 4, 15, None),
        ([60] * 5, [], 75, 0),
        ([], [], 0, None),
    ],
)
def test_the_estimate_by_hand(
    own: list[float], like: list[float], elapsed: float, left: int | None
) -> None:
    assert minutes_left(own, like, elapsed=elapsed) == left


@pytest.mark.parametrize("consent", list(ConsentLevel))
async def test_what_a_guest_likes_is_told_with_their_consent_alone(consent: ConsentLevel) -> None:
    room, found = await with_tables(6)
    async with transaction() as session:
        regular = await make_customer(
            session,
            restaurant=room.row,
            alias="Basil 4821",
            consent_level=consent,
            preferred_table_id=found["T1"].id,
        )
    agreed = consent is ConsentLevel.PERSONALISE
    async with reading() as session:
        guests = await seating_help.find_guests(
            session, restaurant_id=room.info.id, words="basil", now=NOW
        )
    assert [(one.alias, one.likes) for one in guests] == [("Basil 4821", "T1" if agreed else "")]
    shown = await help_for(room, 2, regular.id)
    assert [one.number for one in shown.free] == (["T1", "7"] if agreed else ["7", "T1"])


async def test_another_restaurant_finds_nobody() -> None:
    room, found = await with_tables(6)
    other = await make_room(slug="elsewhere")
    async with transaction() as session:
        regular = await make_customer(
            session,
            restaurant=room.row,
            alias="Basil 4821",
            consent_level=ConsentLevel.PERSONALISE,
            preferred_table_id=found["T1"].id,
        )
    async with reading() as session:
        for words in ("basil", "", "%"):
            assert (
                await seating_help.find_guests(
                    session, restaurant_id=other.info.id, words=words, now=NOW
                )
                == []
            )
    shown = await help_for(other, 2, regular.id)
    assert [(one.number, one.is_liked) for one in shown.free] == [("7", False)]


async def test_of_two_people_who_seat_at_one_table_the_second_is_told() -> None:
    room, found = await with_tables(2)

    async def seat(number: str, size: int) -> None:
        async with transaction() as session:
            await welcoming.seat_party(
                session,
                restaurant_id=room.info.id,
                table_ids=[found[number].id],
                party_size=size,
                by=room.waiter,
                now=NOW,
            )

    await seat("7", 3)
    with pytest.raises(TableTakenError):
        await seat("7", 2)
    async with transaction() as session:
        await tables.set_status(
            session,
            restaurant=room.info,
            table_id=found["T1"].id,
            status=TableStatus.OUT_OF_SERVICE,
            by=room.waiter,
            now=NOW,
        )
    with pytest.raises(TableOutOfServiceError):
        await seat("T1", 2)
