"""A guest's orders and privacy page before any script has run."""

import brotli
import httpx
import pytest
import sqlalchemy as sa
from sqlmodel import col
from starlette.applications import Starlette

from models.reservations import ReservationSettings
from models.restaurants import Restaurant
from services.base import texts
from services.base.database import transaction
from smartmenu.http import edge, guest_page, guest_pages, menu_page, pages
from smartmenu.http.shell import Shell
from tests.builders import NOW, make_restaurant
from tests.http.app import client_of

pytestmark = pytest.mark.usefixtures("sqlite_database")
SHELL = Shell(head='<html lang="en"><head>', rest="<script src='/entry.js'></script></body></html>")


@pytest.fixture(autouse=True)
def _built(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guest_page, "shell", lambda: SHELL)
    monkeypatch.setattr(guest_page, "_minified", lambda name: f"/*{name}*/")
    guest_page._restaurants.clear()
    guest_page._pages.clear()


async def _restaurant() -> None:
    async with transaction() as session:
        await make_restaurant(
            session,
            slug="brasa",
            name="Brasa <& Olive>",
            languages=["en", "ar"],
            brand_tokens={"light": {"brand-solid": "#B5391F"}, "dark": {}},
        )


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("privacy", "What we know about you"),
        ("orders", "My orders"),
        ("orders/0192f4c1-0000-7000-8000-000000000000", "My orders"),
    ],
)
async def test_a_page_comes_in_the_restaurants_colours_and_knows_nobody(
    path: str, title: str
) -> None:
    await _restaurant()
    async with client_of(guest_pages.routes) as client:
        answer = await client.get(f"/menu/brasa/{path}", headers={"accept-encoding": "identity"})
    html = answer.text
    assert answer.status_code == 200
    assert html.startswith('<html lang="en" dir="ltr"><head>')
    assert f"<title>{title} · Brasa &lt;&amp; Olive&gt;</title>" in html
    assert '<meta name="robots" content="noindex">' in html
    assert "--brand-solid:#B5391F;" in html
    assert f"<h1>{title}</h1><p>Brasa &lt;&amp; Olive&gt;</p>" in html
    assert html.endswith("</smart-first-paint><script src='/entry.js'></script></body></html>")
    assert answer.headers["cache-control"] == "private, no-cache"
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith("smartmenu_visit=")
    assert "httponly" in cookie
    assert "max-age" not in cookie


async def test_it_reads_from_right_to_left_in_arabic_and_comes_compressed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(texts, "languages", lambda: ("en", "ar"))
    await _restaurant()
    async with client_of(guest_pages.routes) as client:
        client.cookies.set("smartmenu_language", "ar")
        client.cookies.set("smartmenu_visit", "here already")
        async with client.stream(
            "GET", "/menu/brasa/privacy", headers={"accept-encoding": "br"}
        ) as answer:
            body = b"".join([part async for part in answer.aiter_raw()])
    assert answer.headers["content-encoding"] == "br"
    assert "set-cookie" not in answer.headers
    assert brotli.decompress(body).startswith(b'<html lang="ar" dir="rtl">')


@pytest.mark.parametrize(
    ("allowed", "ways"),
    [
        ({}, ""),
        ({"guests_may_book": True}, '<a href="/menu/brasa/reserve">Book a table</a>'),
        (
            {"guests_may_book": True, "guests_may_queue": True},
            (
                '<a href="/menu/brasa/reserve">Book a table</a>'
                '<a href="/menu/brasa/wait">Join the waitlist</a>'
            ),
        ),
    ],
    ids=["neither", "booking", "both"],
)
async def test_the_menu_leads_to_booking_and_queueing_where_guests_may(
    allowed: dict[str, bool], ways: str
) -> None:
    await _restaurant()
    async with transaction() as session:
        restaurant_id = await session.scalar(sa.select(col(Restaurant.id)))
        assert restaurant_id is not None
        session.add(ReservationSettings(restaurant_id=restaurant_id, created_at=NOW, **allowed))
    async with client_of(menu_page.routes) as client:
        answer = await client.get("/menu/brasa", headers={"accept-encoding": "identity"})
    nav = f'<nav class="ways">{ways}</nav>'
    assert (nav in answer.text) is bool(ways)
    assert ('class="ways"' in answer.text) is bool(ways)


@pytest.mark.parametrize("path", ["brasa", "brasa?lang=ar&table=X", "nowhere"])
async def test_a_menu_answers_the_same_with_and_without_routers(
    monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(pages, "_sheets", lambda: "")
    await _restaurant()
    answers = []
    for app in (edge.edge(Starlette()), edge.menu_edge()):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            answer = await client.get(f"/menu/{path}", headers={"accept-language": "ar,en"})
        fixed = [(k, v) for k, v in answer.headers.multi_items() if "smartmenu_visit" not in v]
        answers.append((answer.status_code, answer.content, sorted(fixed)))
        assert ("smartmenu_visit" in answer.cookies) is (answer.status_code == 200)
    assert answers[0] == answers[1]


async def test_a_menu_that_fails_without_routers_is_still_a_number(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def fail(_slug: str) -> None:
        raise RuntimeError

    monkeypatch.setattr(menu_page, "find_restaurant", fail)
    monkeypatch.setattr(pages, "_sheets", lambda: "")
    transport = httpx.ASGITransport(edge.menu_edge())
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        answer = await client.get("/menu/brasa")
    assert answer.status_code == 500
    assert "Something went wrong here" in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_of_no_restaurant_there_is_no_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "_sheets", lambda: "")
    async with client_of(guest_pages.routes) as client:
        answer = await client.get("/menu/nowhere/privacy")
    assert answer.status_code == 404


async def test_a_name_longer_than_any_restaurant_s_is_not_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pages, "_sheets", lambda: "")
    async with client_of(menu_page.routes) as client:
        answer = await client.get(f"/menu/{'x' * (guest_page.MOST_SLUG_LENGTH + 1)}")
    assert answer.status_code == 404
    assert guest_page._restaurants == {}
