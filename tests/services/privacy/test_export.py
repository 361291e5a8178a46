"""One guest's data as file and paper: whole, theirs alone, and never read as markup."""

import re
from datetime import timedelta
from typing import Any

import orjson
import pytest

from models.customers import Customer
from models.restaurants import Restaurant
from services.base.database import reading, transaction
from services.base.secrets import encrypt
from services.base.settings import ROOT
from services.identity.types import Guest
from services.privacy import certificate, erasing, export, export_paper, paper
from services.privacy.errors import AlreadyErasedError, NoSuchGuestError
from services.privacy.types import AskedBy
from tests import builders
from tests.builders.arrivals import RNG, agree, arrive
from tests.builders.moments import NOW
from tests.services.identity.rooms import room
from tests.services.privacy.marked import EMAIL, MARK, PHONE, Marked, seed

pytestmark = pytest.mark.usefixtures("sqlite_database")


async def _data(seeded: Marked) -> dict[str, Any]:
    async with reading() as session:
        return await export.of_customer(
            session, restaurant=seeded.restaurant, customer_id=seeded.customer_id, now=NOW
        )


async def test_everything_that_is_kept_is_in_the_file() -> None:
    async with transaction() as session:
        seeded = await seed(session)
    data = await _data(seeded)
    text = export.as_json(data).decode()
    told = orjson.loads(text)
    assert (told["format"], told["format_version"]) == ("smartmenu.guest-data", 1)
    assert told["customer"]["email"] == EMAIL
    assert told["customer"]["phone_number"] == PHONE
    assert told["customer"]["birthday"] == "--02-29"
    assert told["customer_orders"][0]["total"] == "19.00"
    assert told["customer_orders"][0]["order_items"][0]["note"] == f"{MARK} note"
    assert told["customer_notes"][0]["text"] == f"{MARK} text"
    assert told["customer_tags"] == [
        {"tag": f"{MARK} tag", "created_at": NOW.isoformat()},
    ]
    assert told["customer_segments"][0]["segment_name"] == "champion"
    assert told["customer_preferences"][0]["preference_strength"] == 0.5
    # Both records' marks, by kind: their values nobody here has.
    assert [one["kind"] for one in told["identity_links"]] == ["cookie", "cookie"]
    assert told["opened_by_staff"]["count"] == 2
    lists = {
        "consents": 1,
        "contact_choices": 2,
        "customer_visits": 1,
        "customer_events": 1,
        "table_reservations": 1,
        "merges": 1,
    }
    assert {name: len(told[name]) for name in lists} == lists


async def test_the_schema_in_the_documentation_names_every_key() -> None:
    async with transaction() as session:
        seeded = await seed(session)
    described = (ROOT / "docs" / "guest-data.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z_]+)`", described))

    def keys(value: Any) -> set[str]:
        if isinstance(value, dict):
            return set(value) | {key for one in value.values() for key in keys(one)}
        if isinstance(value, list):
            return {key for one in value for key in keys(one)}
        return set()

    data = await _data(seeded)
    # Free-form parts are described as such.
    for part in ("customer_profile", "customer_events", "customer_segments", "customer_visits"):
        rows = data[part] if isinstance(data[part], list) else []
        for row in rows:
            for free in ("event_data", "why", "device_info"):
                row.pop(free, None)
    data.pop("customer_profile")
    assert keys(data) - named == set()


async def test_nobody_gets_the_data_of_another_restaurants_guest() -> None:
    async with transaction() as session:
        seeded = await seed(session)
        other, _, _ = await room(session)
        with pytest.raises(NoSuchGuestError):
            await export.of_customer(
                session, restaurant=other, customer_id=seeded.customer_id, now=NOW
            )


async def test_an_erased_guest_has_no_file_and_a_merged_one_has_that_of_both() -> None:
    async with transaction() as session:
        seeded = await seed(session)
        of_merged = await export.of_customer(
            session, restaurant=seeded.restaurant, customer_id=seeded.merged_id, now=NOW
        )
        await erasing.forget_customer(
            session,
            restaurant_id=seeded.restaurant.id,
            customer_id=seeded.customer_id,
            now=NOW,
            rng=RNG,
            asked_by=AskedBy.GUEST,
        )
        with pytest.raises(AlreadyErasedError):
            await export.of_customer(
                session, restaurant=seeded.restaurant, customer_id=seeded.customer_id, now=NOW
            )
    assert of_merged["customer"]["customer_id"] == str(seeded.customer_id)


async def test_a_guest_without_a_record_gets_this_visit_and_nobody_elses() -> None:
    async with transaction() as session:
        info, _, _ = await room(session)
        mine: Guest = (await arrive(session, info, "phone-1")).guest
        await arrive(session, info, "phone-2", now=NOW + timedelta(minutes=1))
        known = await agree(session, info, (await arrive(session, info, "phone-3")).guest)
        data = await export.of_guest(session, restaurant=info, guest=mine, now=NOW)
    assert data["customer"] is None
    assert [one["visit_id"] for one in data["customer_visits"]] == [str(mine.visit_id)]
    assert str(known.guest.customer_id) not in orjson.dumps(data).decode()


NASTY = (
    '#panic("x")',
    '#import "/etc/passwd"',
    "*bold* _it_ $x$ `raw` @ref <label> = head",
    "<script>alert(1)</script>",
    "\\u{202e}evil",
    '}") #eval("1")',
    "سارة العتيبي",
    "דנה כהן",
    "\u202eright to left\u202c",
)


@pytest.mark.parametrize("language", ["en", "ar"])
async def test_names_and_notes_are_text_on_paper_whatever_they_say(language: str) -> None:
    async with transaction() as session:
        seeded = await seed(session)
        customer = await session.get_one(Customer, seeded.customer_id)
        customer.allergens = ["nuts"]
        customer.name_encrypted = encrypt(" ".join(NASTY)[:300], restaurant_id=seeded.restaurant.id)
        for text in NASTY:
            await builders.make_note(session, customer=customer, text=text)
        row = await session.get_one(Restaurant, seeded.restaurant.id)
        row.name = NASTY[0]
    data = await _data(seeded)
    page = export_paper.paper_of(data, restaurant=seeded.restaurant, language=language)
    pdf = await paper.render(page, restaurant=seeded.restaurant, language=language, now=NOW)
    assert pdf.startswith(b"%PDF-")
    shown = [cell for one in page.sections if one.rows for row in one.rows.rows for cell in row]
    assert set(NASTY) <= set(shown)


async def test_a_certificate_is_readable_and_names_nobody() -> None:
    async with transaction() as session:
        seeded = await seed(session)
        done = await erasing.forget_customer(
            session,
            restaurant_id=seeded.restaurant.id,
            customer_id=seeded.customer_id,
            now=NOW,
            rng=RNG,
            asked_by=AskedBy.GUEST,
        )
        row = await certificate.get(
            session, restaurant_id=seeded.restaurant.id, erasure_id=done.erasure_id
        )
    said = certificate.as_data(row, restaurant=seeded.restaurant)
    page = certificate.paper_of(row, restaurant=seeded.restaurant, language="ar")
    pdf = await paper.render(page, restaurant=seeded.restaurant, language="ar", now=NOW)
    assert pdf.startswith(b"%PDF-")
    assert said["rows"]["identity_links"] == {"deleted": 2}
    assert str(seeded.customer_id) not in orjson.dumps(said).decode()
