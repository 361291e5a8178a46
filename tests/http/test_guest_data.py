"""A guest's data over HTTP: one's own and nobody else's, never kept on the way, always noted."""

import orjson
import pytest
import sqlalchemy as sa

from models.enums import Role
from models.identity import Consent
from models.privacy import CustomerAccess
from models.restaurants import Restaurant
from services.base import clock
from services.base.database import reading, transaction
from services.privacy import access
from smartmenu.http import consent, guest_data, guest_page, policy_page
from tests.builders import make_customer, make_restaurant, restaurant_info
from tests.builders.arrivals import agree, arrive
from tests.http.app import client_of
from tests.security.worlds import make_world

pytestmark = pytest.mark.usefixtures("sqlite_database")
MINE, THEIRS = "a visit's cookie of this browser", "somebody else's cookie"
DATA = "/menu/brasa/privacy/data"


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    guest_page._restaurants.clear()
    monkeypatch.setattr(guest_page, "_minified", lambda name: f"/*{name}*/")


async def _two_guests(**columns: object) -> list[str]:
    """Two who are remembered in one restaurant; returns their aliases."""
    async with transaction() as session:
        info = await restaurant_info(
            session, await make_restaurant(session, slug="brasa", **columns)
        )
        given = [
            await agree(
                session,
                info,
                (await arrive(session, info, token, now=clock.now())).guest,
                now=clock.now(),
            )
            for token in (MINE, THEIRS)
        ]
    return [one.guest.alias for one in given]


async def test_everybody_gets_their_own_file_and_it_is_kept_nowhere() -> None:
    aliases = await _two_guests()
    told = []
    for token in (MINE, THEIRS):
        async with client_of(guest_data.routes) as client:
            client.cookies.set("smartmenu_visit", token)
            answer = await client.get(f"{DATA}.json")
            pdf = await client.get(f"{DATA}.pdf")
        assert answer.headers["cache-control"] == "private, no-store"
        assert answer.headers["content-disposition"] == (
            'attachment; filename="brasa-guest-data.json"'
        )
        assert pdf.content.startswith(b"%PDF-")
        told.append(orjson.loads(answer.content)["customer"]["alias"])
    assert told == aliases


async def test_without_a_visit_and_with_a_made_up_cookie_there_is_no_file() -> None:
    await _two_guests()
    for token in ("", "made up", MINE[:-1], f"{MINE}'; --"):
        async with client_of(guest_data.routes) as client:
            client.cookies.set("smartmenu_visit", token)
            answer = await client.get(f"{DATA}.json")
        assert (answer.status_code, answer.headers["location"]) == (303, "/menu/brasa/privacy")


async def test_files_are_not_made_without_end() -> None:
    await _two_guests()
    async with client_of(guest_data.routes) as client:
        client.cookies.set("smartmenu_visit", MINE)
        seen = [(await client.get(f"{DATA}.json")).status_code for _ in range(21)]
    assert (set(seen[:20]), seen[20]) == ({200}, 429)


async def test_staff_hand_out_a_file_and_it_is_written_down() -> None:
    world, other = await make_world(slug="brasa"), await make_world(slug="other")
    path = f"/staff/customers/{world.ids['customer_id']}/data.json"
    async with client_of(guest_data.routes) as client:
        answers = {
            who: (await client.get(path, headers={"cookie": cookie})).status_code
            for who, cookie in (
                ("waiter", world.staff_cookie(Role.WAITER)),
                ("manager", world.staff_cookie(Role.MANAGER)),
                ("another", other.staff_cookie(Role.OWNER)),
            )
        }
    async with reading() as session:
        lines = await access.page(session, restaurant_id=world.info.id)
        count = await session.scalar(sa.select(sa.func.count()).select_from(CustomerAccess))
    assert answers == {"waiter": 403, "manager": 200, "another": 404}
    assert [(one.what, one.screen) for one in lines] == [("export", "customer_data")]
    assert count == 1


async def test_the_policy_escapes_what_owners_typed_and_speaks_both_languages() -> None:
    await _two_guests(name="<script>alert(1)</script>", languages=["en", "ar"])
    async with client_of(policy_page.routes) as client:
        english = await client.get("/menu/brasa/policy")
        arabic = await client.get("/menu/brasa/policy?language=ar")
        missing = await client.get("/menu/brasa/policy?version=2026-11.99")
        nowhere = await client.get("/menu/nobody/policy")
    assert "<script>alert" not in english.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; answers for this data." in english.text
    assert 'dir="ltr"' in english.text
    assert 'dir="rtl"' in arabic.text
    assert "36" in arabic.text
    assert (missing.status_code, nowhere.status_code) == (404, 404)


async def test_a_choice_names_the_policy_it_was_made_on() -> None:
    async with transaction() as session:
        row = await make_restaurant(session, slug="brasa")
        info = await restaurant_info(session, row)
        await arrive(session, info, MINE, now=clock.now())
    versions = []
    for level, is_on in (("remember", False), ("personalise", True)):
        async with transaction() as session:
            found = await session.get_one(Restaurant, row.id)
            found.fingerprint_enabled = is_on
        async with client_of(consent.routes) as client:
            client.cookies.set("smartmenu_visit", MINE)
            assert (
                await client.post("/menu/brasa/consent", json={"level": level})
            ).status_code == 200
        async with reading() as session:
            versions.append(
                await session.scalar(
                    sa.select(Consent.text_version).order_by(Consent.given_at.desc()).limit(1)
                )
            )
    assert versions == ["2026-11.1", "2026-11.2"]


async def test_an_unknown_customer_and_a_stranger_learn_nothing() -> None:
    world = await make_world(slug="brasa")
    async with transaction() as session:
        row = await session.get_one(Restaurant, world.info.id)
        gone = await make_customer(session, restaurant=row, erased_at=clock.now())
    path = f"/staff/customers/{gone.id}/data.pdf"
    async with client_of(guest_data.routes) as client:
        stranger = await client.get(path)
        owner = await client.get(path, headers={"cookie": world.staff_cookie(Role.OWNER)})
    assert stranger.status_code == 303
    assert stranger.headers["location"].startswith("/login?")
    assert owner.status_code == 409
