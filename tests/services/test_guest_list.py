"""The guest list: who is in it, in which order, found by what; and its export says the same."""

import csv
import io
import tempfile
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from models.customers import Customer
from models.profiles import CustomerProfile
from models.restaurants import Restaurant
from services.base.database import reading, transaction
from services.base.secrets import encrypt
from services.customers import exporting, listing
from services.customers.asking import load_asking
from services.customers.list_columns import BY_KEY, COLUMNS, Sort
from services.customers.list_facts import Reader, load_listed
from services.customers.list_values import text_of
from services.customers.listing import Order, Wanted
from services.customers.spreadsheets import FileKind
from services.identity import details
from services.segments.criteria import parse
from services.segments.types import Asking
from services.totals import totals
from tests import builders
from tests.builders.listed import make_listed
from tests.builders.moments import NOW

pytestmark = pytest.mark.usefixtures("database")


async def _ask(session: AsyncSession, restaurant: Restaurant) -> Asking:
    return await load_asking(session, restaurant_id=restaurant.id, now=NOW)


async def _aliases(restaurant: Restaurant, **wanted: Any) -> list[str]:
    async with reading() as session:
        page = await listing.load_page(
            session,
            asking=await _ask(session, restaurant),
            wanted=Wanted(**wanted),
            order=Order(Sort.ALIAS, is_descending=False),
        )
    return [profile.alias for profile in page.profiles]


async def test_a_row_that_vanishes_between_two_pages_leaves_no_gap() -> None:
    async with transaction() as session:
        restaurant = await builders.make_restaurant(session)
        made = [
            await make_listed(session, restaurant=restaurant, alias=f"Mint {1000 + number}")
            for number in range(4)
        ]
    by_alias = Order(Sort.ALIAS, is_descending=False)
    async with transaction() as session:
        asking = await _ask(session, restaurant)
        first = await listing.load_page(session, asking=asking, order=by_alias, limit=2)
        await session.delete(first.profiles[1])
        await session.flush()
        second = await listing.load_page(
            session, asking=asking, order=by_alias, after=first.next_after, limit=2
        )
    assert [one.customer_id for one in second.profiles] == [made[2].id, made[3].id]


async def _searched(restaurant: Restaurant) -> dict[str, Customer]:
    async with transaction() as session:
        basil = await make_listed(session, restaurant=restaurant, alias="Basil 4821")
        mint = await make_listed(session, restaurant=restaurant, alias="Mint 5129")
        await builders.make_tag(session, customer=mint, tag="Window seat")
        visit = await builders.make_visit(session, restaurant=restaurant, customer=basil)
        dish = await builders.make_dish(session, restaurant=restaurant, name="Margherita")
        order = await builders.make_order(
            session,
            restaurant=restaurant,
            customer=basil,
            visit=visit,
            order_status="completed",
            completed_at=NOW,
        )
        await builders.make_order_line(session, order=order, dish=dish)
        await totals.recount(session, customer_id=basil.id, now=NOW)
        mine = {"restaurant_id": restaurant.id}
        mint.name_encrypted = encrypt("Ana Ruiz", **mine)
        mint.name_hash = details.name_hash("Ana Ruiz", **mine)
        mint.email_encrypted = encrypt("Ana@Example.com", **mine)
        mint.email_hash = details.email_hash("Ana@Example.com", **mine)
        mint.phone_number_encrypted = encrypt("+4930901820", **mine)
        mint.phone_hash = details.phone_hash("+4930901820", **mine)
        mint.phone_shared_with_restaurant = True
        mint.birthday_month, mint.birthday_day = 5, 3
    return {"basil": basil, "mint": mint}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("basil", ["Basil 4821"]),
        ("4821", ["Basil 4821"]),
        ("window", ["Mint 5129"]),
        ("margherita", ["Basil 4821"]),
        ("ana@example.com", ["Mint 5129"]),
        ("ana@example", []),
        ("030 901820", ["Mint 5129"]),
        ("ana  ruiz", ["Mint 5129"]),
        ("ana", []),
        ("%", []),
        ("_", []),
        ("' OR 1=1 --", []),
        ("<script>", []),
        ("", ["Basil 4821", "Mint 5129"]),
    ],
)
async def test_a_search_finds_aliases_tags_dishes_and_whole_contacts(
    text: str, found: list[str]
) -> None:
    async with transaction() as session:
        restaurant = await builders.make_restaurant(session)
        other = await builders.make_restaurant(session)
    await _searched(restaurant)
    await _searched(other)
    assert await _aliases(restaurant, search=text) == found


async def test_a_search_finds_the_beginning_of_an_anonymous_id() -> None:
    async with transaction() as session:
        restaurant = await builders.make_restaurant(session)
        known = UUID("0f0f5a61-0000-7000-8000-000000000000")
        await make_listed(session, restaurant=restaurant, alias="Mint 5129", anonymous_id=known)
        await make_listed(session, restaurant=restaurant, alias="Basil 4821")
    for text in ("0f0f5a61", "0F0F-5a", str(known)):
        assert await _aliases(restaurant, search=text) == ["Mint 5129"]


async def test_a_filter_nobody_can_satisfy_finds_nobody() -> None:
    async with transaction() as session:
        restaurant = await builders.make_restaurant(session)
        await make_listed(session, restaurant=restaurant)
    impossible = parse(
        {
            "all": [
                {"field": "total_visits", "is": "at_least", "value": 5},
                {"field": "total_visits", "is": "at_most", "value": 4},
            ]
        }
    )
    assert await _aliases(restaurant, criteria=impossible) == []
    async with reading() as session:
        asking = await _ask(session, restaurant)
        assert await listing.count(session, asking=asking, wanted=Wanted(impossible)) == 0


async def test_chosen_ids_of_another_restaurant_are_nobody() -> None:
    async with transaction() as session:
        restaurant = await builders.make_restaurant(session)
        other = await builders.make_restaurant(session)
        mine = await make_listed(session, restaurant=restaurant, alias="Basil 4821")
        theirs = await make_listed(session, restaurant=other)
    assert await _aliases(restaurant, chosen=(mine.id, theirs.id, uuid4())) == ["Basil 4821"]
    assert await _aliases(restaurant, chosen=()) == []


async def _exported(
    restaurant: Restaurant, *, with_contacts: bool = False, **wanted: Any
) -> tuple[list[dict[str, str]], exporting.Exported]:
    with tempfile.TemporaryFile() as file:
        async with reading() as session:
            written = await exporting.write_file(
                session,
                file,
                kind=FileKind.CSV,
                asking=await _ask(session, restaurant),
                wanted=Wanted(**wanted),
                order=Order(Sort.ALIAS, is_descending=False),
                columns=COLUMNS,
                with_contacts=with_contacts,
                language="en",
            )
        file.seek(0)
        body = file.read().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(body, newline=""))), written


async def test_an_export_has_the_rows_and_the_numbers_of_the_list() -> None:
    async with transaction() as session:
        restaurant = await builders.make_restaurant(session)
        for number in range(3):
            await make_listed(
                session,
                restaurant=restaurant,
                alias=f"Mint {1000 + number}",
                total_visits=number,
                total_spent_minor=number * 1234,
                average_order_minor=617,
                mean_gap_days=6.25,
                last_seen_at=NOW - timedelta(days=40),
            )
    rows, written = await _exported(restaurant)
    assert written == exporting.Exported(3, 0, 0)
    assert [row["alias"] for row in rows] == await _aliases(restaurant)
    assert [row["total_visits"] for row in rows] == ["0", "1", "2"]
    assert [row["total_spent"] for row in rows] == ["0.00", "12.34", "24.68"]
    assert {row["average_order_value"] for row in rows} == {"6.17"}
    assert {row["average_days_between_visits"] for row in rows} == {"6.2"}
    async with reading() as session:
        asking = await _ask(session, restaurant)
        reader = Reader(asking.restaurant, NOW, "en")
        page = await listing.load_page(session, asking=asking)
        listed = await load_listed(
            session, profiles=page.profiles, columns=frozenset(BY_KEY), reader=reader
        )
    shown = {one.profile.alias: one for one in listed}
    for row in rows:
        one = shown[row["alias"]]
        assert text_of(BY_KEY["visits"], one, reader) == row["total_visits"]
        assert text_of(BY_KEY["spent"], one, reader) == f"€{row['total_spent']}"
        assert text_of(BY_KEY["average"], one, reader) == f"€{row['average_order_value']}"
        assert text_of(BY_KEY["rhythm"], one, reader) == "6.2 d"


async def test_contact_data_is_shown_found_and_exported_only_of_those_who_share_it() -> None:
    async with transaction() as session:
        restaurant = await builders.make_restaurant(session)
    found = await _searched(restaurant)
    rows, written = await _exported(restaurant, with_contacts=True)
    assert [row["alias"] for row in rows] == await _aliases(restaurant)
    assert written == exporting.Exported(2, 0, 0)
    contacts = ("name", "phone_number", "email", "birthday", "contact_withheld")
    assert [tuple(row[head] for head in contacts) for row in rows] == [
        ("", "", "", "", ""),
        ("Ana Ruiz", "'+4930901820", "Ana@Example.com", "05-03", ""),
    ]
    rows, _ = await _exported(restaurant)
    assert not set(contacts) & set(rows[0])
    by_name = parse({"field": "name", "is": "is", "value": "Ana Ruiz"})
    for text in ("Ana Ruiz", "+4930901820", "Ana@Example.com"):
        assert await _aliases(restaurant, search=text) == ["Mint 5129"]
    assert await _aliases(restaurant, criteria=by_name) == ["Mint 5129"]

    async with transaction() as session:
        (await session.get_one(Customer, found["mint"].id)).phone_shared_with_restaurant = False
    rows, written = await _exported(restaurant, with_contacts=True)
    assert (rows[1]["phone_number"], rows[1]["name"]) == ("", "Ana Ruiz")
    assert rows[1]["contact_withheld"] == "This guest shares no phone number."
    assert await _aliases(restaurant, search="+4930901820") == []

    # They choose "just this visit": the row stays, what is theirs does not leave.
    async with transaction() as session:
        (await session.get_one(Customer, found["mint"].id)).consent_level = "essential"
        await session.flush()
        profile = await session.get_one(CustomerProfile, found["mint"].id)
        profile.consent_level = "essential"
    rows, written = await _exported(restaurant, with_contacts=True)
    assert [row["alias"] for row in rows] == await _aliases(restaurant)
    assert written == exporting.Exported(2, 0, 1)
    assert tuple(rows[1][head] for head in contacts) == (
        *("", "", "", ""),
        "This guest does not want to be remembered.",
    )
    for text in ("Ana Ruiz", "Ana@Example.com"):
        assert await _aliases(restaurant, search=text) == []
    assert await _aliases(restaurant, criteria=by_name) == []
    async with reading() as session:
        asking = await _ask(session, restaurant)
        counted = await exporting.count_contacts(session, asking=asking, wanted=Wanted())
    assert counted == exporting.Contacts(withheld_count=1, shared_count=0)


async def test_a_tag_that_looks_like_a_formula_is_text_in_the_file() -> None:
    async with transaction() as session:
        restaurant = await builders.make_restaurant(session)
        one = await make_listed(session, restaurant=restaurant, alias="Mint 5129")
        await builders.make_tag(session, customer=one, tag='=HYPERLINK("http://evil.example")')
    rows, _ = await _exported(restaurant)
    assert rows[0]["tags"] == '\'=HYPERLINK("http://evil.example")'


async def test_who_is_erased_while_a_file_is_written_is_not_in_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(exporting, "CHUNK", 1)
    async with transaction() as session:
        restaurant = await builders.make_restaurant(session)
        made = [
            await make_listed(session, restaurant=restaurant, alias=f"Mint {1000 + number}")
            for number in range(3)
        ]
    read = exporting._rows

    async def erasing(session: AsyncSession, ids: Any, **more: Any) -> Any:
        if ids == [made[1].id]:
            (await session.get_one(Customer, made[1].id)).erased_at = NOW
            await session.flush()
        return await read(session, ids, **more)

    monkeypatch.setattr(exporting, "_rows", erasing)
    with tempfile.TemporaryFile() as file:
        async with transaction() as session:
            written = await exporting.write_file(
                session,
                file,
                kind=FileKind.CSV,
                asking=await _ask(session, restaurant),
                wanted=Wanted(),
                order=Order(Sort.ALIAS, is_descending=False),
                columns=(),
                with_contacts=False,
                language="en",
            )
        file.seek(0)
        rows = list(csv.DictReader(io.StringIO(file.read().decode("utf-8-sig"), newline="")))
    assert [row["alias"] for row in rows] == ["Mint 1000", "Mint 1002"]
    assert written == exporting.Exported(2, 1, 0)


def test_files_are_named_by_restaurant_and_day() -> None:
    name = exporting.file_name("brasa-olive", FileKind.XLSX, date(2026, 5, 13))
    assert name == "brasa-olive-guests-2026-05-13.xlsx"
