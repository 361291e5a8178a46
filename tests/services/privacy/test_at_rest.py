"""Names, numbers and addresses are nowhere readable on the disk, whatever wrote them."""

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from models.reservations import TableReservation, WaitlistEntry
from models.restaurants import Restaurant
from services.base.database import reading, transaction
from services.base.secrets import encrypt
from services.identity import details
from services.identity.details import phone_hash
from services.identity.types import GivenDetails
from services.reservations.contacts import hashed_phone, sealed, store_contact
from services.reservations.types import Contact
from tests import builders
from tests.builders.arrivals import agree, arrive
from tests.builders.moments import NOW
from tests.databases import DatabaseUnderTest
from tests.services.identity.rooms import room
from tests.services.privacy.marked import every_value

NAME, EMAIL, PHONE, WISHES = "Zofia Wrzesniewska", "zofia@wrz.example", "+4930901820", "by the fern"


async def _seed() -> None:
    async with transaction() as session:
        info, _, _ = await room(session)
        restaurant = await session.get_one(Restaurant, info.id)
        table = await builders.make_table(session, restaurant=restaurant)
        known = await agree(session, info, (await arrive(session, info, "phone-1")).guest)
        given = GivenDetails(name=NAME, email=EMAIL, phone=PHONE)
        await details.give_details(session, restaurant=info, guest=known.guest, details=given)
        row = await builders.make_reservation(session, restaurant=restaurant, table=table)
        store_contact(row, Contact(name=NAME, phone=PHONE, email=EMAIL, wishes=WISHES))
        session.add(
            WaitlistEntry(
                restaurant_id=info.id,
                alias="Sage 1234",
                party_size=2,
                joined_at=NOW - timedelta(minutes=5),
                name_encrypted=sealed(NAME, info.id),
                phone_number_encrypted=sealed(PHONE, info.id),
                phone_hash=hashed_phone(PHONE, info.id),
                token_hash="t" * 64,
                submit_key="k",
                created_at=NOW,
            )
        )


@pytest.mark.usefixtures("database")
async def test_no_column_of_any_table_holds_them_readable() -> None:
    await _seed()
    async with reading() as session:
        texts = await every_value(session)
        hashes = set(await session.scalars(sa.select(TableReservation.phone_hash)))
        hashes |= set(await session.scalars(sa.select(WaitlistEntry.phone_hash)))
        restaurant_id = await session.scalar(sa.select(Restaurant.id))
    for word in (NAME, "Wrzesniewska", EMAIL, "wrz.example", PHONE, PHONE[1:], WISHES):
        assert [table for table, text in texts.items() if word in text] == []
    # The same hash everywhere finds them again, and another restaurant's is another.
    assert restaurant_id is not None
    assert hashes == {phone_hash(PHONE, restaurant_id=restaurant_id)}


async def test_the_file_itself_holds_none_of_them(sqlite_database: DatabaseUnderTest) -> None:
    await _seed()
    file = Path(sa.make_url(sqlite_database.url).database or "")
    held = b"".join(one.read_bytes() for one in file.parent.glob(f"{file.name}*"))
    assert b"Sage 1234" in held
    for word in (NAME, EMAIL, PHONE, WISHES):
        assert word.encode() not in held


def test_the_same_text_is_never_the_same_on_the_disk() -> None:
    from uuid import UUID

    owner = UUID(int=1)
    assert encrypt(NAME, restaurant_id=owner) != encrypt(NAME, restaurant_id=owner)
