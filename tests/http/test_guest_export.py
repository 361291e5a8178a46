"""Guests as a file over HTTP: who may, what is in it, and what nobody gets."""

import csv
import io
import json
from uuid import uuid4

import httpx
import openpyxl
import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.enums import Role
from models.journal import AuditEntry
from models.restaurants import Restaurant
from services.base.database import reading, transaction
from services.base.secrets import encrypt
from services.privacy import access
from smartmenu.http import customers
from tests.builders import make_restaurant
from tests.builders.listed import make_listed
from tests.http.app import client_of
from tests.state.tabs import log_in

pytestmark = pytest.mark.usefixtures("sqlite_database")
ADDRESS = "/staff/customers/export"


async def _restaurant() -> Restaurant:
    async with transaction() as session:
        restaurant = await make_restaurant(session)
        for number in range(3):
            await make_listed(
                session,
                restaurant=restaurant,
                alias=f"Mint {1000 + number}",
                total_spent_minor=number * 1000,
            )
    return restaurant


async def _post(
    restaurant: Restaurant, role: Role | None = Role.MANAGER, /, **form: str
) -> httpx.Response:
    token = (await log_in(restaurant, role)).token if role else ""
    async with client_of(customers.routes) as client:
        client.cookies.set("smartmenu_session", token)
        return await client.post(ADDRESS, data={"kind": "csv"} | form)


def _aliases(answer: httpx.Response) -> list[str]:
    text = answer.content.decode("utf-8-sig")
    return [row["alias"] for row in csv.DictReader(io.StringIO(text, newline=""))]


async def _log() -> list[AuditEntry]:
    async with reading() as session:
        found = sa.select(AuditEntry).where(col(AuditEntry.action) == "customers_exported")
        return list(await session.scalars(found))


async def test_a_filter_is_exported_in_the_order_of_the_list() -> None:
    restaurant = await _restaurant()
    rich = json.dumps({"field": "total_spent", "is": "at_least", "value": 1000})
    answer = await _post(restaurant, filter=rich, sort="spent", order="down", columns="spent")
    assert (answer.status_code, _aliases(answer)) == (200, ["Mint 1002", "Mint 1001"])
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["content-disposition"].startswith('attachment; filename="')
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert (answer.headers["x-guests"], answer.headers["x-contacts-withheld"]) == ("2", "0")
    entry = (await _log())[0]
    assert entry.data == {"count": 2, "gone": 0, "withheld": 0, "kind": "csv", "contacts": False}


async def test_an_export_without_consent_keeps_the_rows_and_leaves_contacts_empty(
    capfd: pytest.CaptureFixture[str],
) -> None:
    restaurant = await _restaurant()
    mine = {"restaurant_id": restaurant.id}
    async with transaction() as session:
        for alias, level in (("Anise 1", "essential"), ("Anise 2", "remember")):
            await make_listed(
                session,
                restaurant=restaurant,
                alias=alias,
                consent_level=level,
                name_encrypted=encrypt("Ana Ruiz", **mine),
                phone_number_encrypted=encrypt("+4930901820", **mine),
                phone_shared_with_restaurant=True,
            )
    for kind in ("csv", "xlsx"):
        answer = await _post(restaurant, contacts="on", sort="alias", order="up", kind=kind)
        assert (answer.headers["x-guests"], answer.headers["x-contacts-withheld"]) == ("5", "1")
        if kind == "csv":
            text = answer.content.decode("utf-8-sig")
            rows = list(csv.DictReader(io.StringIO(text, newline="")))
        else:
            sheet = openpyxl.load_workbook(io.BytesIO(answer.content))["Guests"]
            heads, *lines = [[cell.value or "" for cell in row] for row in sheet.iter_rows()]
            rows = [dict(zip(heads, line, strict=True)) for line in lines]
        assert [row["alias"] for row in rows[:2]] == ["Anise 1", "Anise 2"]
        assert [(row["name"], row["phone_number"]) for row in rows[:2]] == [
            ("", ""),
            ("Ana Ruiz", "'+4930901820"),
        ]
        assert [row["contact_withheld"] for row in rows[:3]] == [
            "This guest does not want to be remembered.",
            "",
            "",
        ]
    async with reading() as session:
        lines = await access.page(session, restaurant_id=restaurant.id)
    assert [(one.what, one.screen, one.customer_id, one.guest_count) for one in lines] == [
        ("list_export", "customers", None, 5),
        ("list_export", "customers", None, 5),
    ]
    told = "".join(capfd.readouterr())
    assert not [word for word in ("Ana", "Ruiz", "901820") if word in told]
    assert "Ana" not in str([entry.data for entry in await _log()])


async def test_a_sheet_holds_the_same_guests() -> None:
    restaurant = await _restaurant()
    answer = await _post(restaurant, kind="xlsx", sort="alias", order="up", what="all")
    assert int(answer.headers["content-length"]) == len(answer.content)
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content))["Guests"]
    assert [row[1].value for row in sheet.iter_rows(min_row=2)] == [
        "Mint 1000",
        "Mint 1001",
        "Mint 1002",
    ]


@pytest.mark.parametrize("role", [Role.WAITER, Role.KITCHEN])
async def test_who_may_not_export_gets_nothing(role: Role) -> None:
    restaurant = await _restaurant()
    answer = await _post(restaurant, role, contacts="on")
    assert (answer.status_code, await _log()) == (403, [])
    assert "Mint" not in answer.text
    async with reading() as session:
        assert await access.page(session, restaurant_id=restaurant.id) == ()


async def test_a_stranger_is_sent_to_the_log_in() -> None:
    answer = await _post(await _restaurant(), None)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/login?next=%2Fstaff%2Fcustomers"


async def test_another_restaurants_guests_are_in_no_file() -> None:
    restaurant, other = await _restaurant(), await _restaurant()
    async with transaction() as session:
        theirs = await make_listed(session, restaurant=other, alias="Basil 1")
    answer = await _post(restaurant, chosen=f"{theirs.id},{uuid4()}")
    assert (answer.status_code, _aliases(answer)) == (200, [])


async def test_a_form_of_another_site_is_refused() -> None:
    restaurant = await _restaurant()
    token = (await log_in(restaurant, Role.OWNER)).token
    async with client_of(customers.routes) as client:
        client.cookies.set("smartmenu_session", token)
        foreign = {"sec-fetch-site": "cross-site"}
        answer = await client.post(ADDRESS, data={"kind": "csv"}, headers=foreign)
    assert (answer.status_code, await _log()) == (403, [])


@pytest.mark.parametrize(
    "form",
    [
        {"kind": "pdf"},
        {"filter": "{"},
        {"filter": '{"field": "nonsense"}'},
        {"filter": '{"all": "x"}'},
        {"sort": "phone_hash"},
        {"chosen": "x"},
        {"chosen": ",".join(str(uuid4()) for _ in range(501))},
    ],
)
async def test_a_broken_form_gets_a_sentence_and_no_file(form: dict[str, str]) -> None:
    answer = await _post(await _restaurant(), **form)
    assert answer.status_code == 422
    assert answer.headers["content-type"].startswith("text/plain")
    assert await _log() == []
