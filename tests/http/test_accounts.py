"""Log-in and log-out as a browser sees them: cookies, redirects, forged forms."""

from datetime import timedelta

import httpx
import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.accounts import Membership, UserSession
from models.enums import Role
from models.restaurants import Restaurant
from services import live
from services.accounts import passwords, sessions, team
from services.base import clock
from services.base.database import reading, transaction
from services.base.settings import settings
from smartmenu.http import accounts, home
from tests.builders import NOW, make_dish, make_restaurant, make_table
from tests.http.app import client_of

pytestmark = pytest.mark.usefixtures("sqlite_database")
EMAIL = "marta@brasa.example"
PASSWORD = "oak fire and olives"


async def _owner(*, can_serve: bool = True) -> None:
    hashed = await passwords.hash_new(PASSWORD, email=EMAIL)
    async with transaction() as session:
        restaurant = await make_restaurant(session)
        await team.create_owner(
            session,
            restaurant_id=restaurant.id,
            email=EMAIL,
            name="Marta",
            password=hashed,
            now=NOW,
        )
        if can_serve:
            await make_dish(session, restaurant=restaurant)
            await make_table(session, restaurant=restaurant)


async def _post(
    client: httpx.AsyncClient, password: str = PASSWORD, **fields: str
) -> httpx.Response:
    return await client.post("/auth/login", data={"email": EMAIL, "password": password} | fields)


async def test_who_has_nothing_to_serve_yet_starts_at_the_first_steps() -> None:
    await _owner(can_serve=False)
    async with client_of([*accounts.routes, *home.routes]) as client:
        assert (await _post(client)).headers["location"] == "/staff/floor"
        assert (await client.get("/")).headers["location"] == "/staff/floor"
        async with transaction() as session:
            restaurant = (await session.scalars(sa.select(Restaurant))).one()
            await make_dish(session, restaurant=restaurant)
            await make_table(session, restaurant=restaurant)
        assert (await _post(client)).headers["location"] == "/staff/dashboard"
        assert (await client.get("/staff")).headers["location"] == "/staff/dashboard"


async def _open_sessions() -> int:
    async with reading() as session:
        return (
            await session.scalar(
                sa.select(sa.func.count()).where(col(UserSession.revoked_at).is_(None))
            )
            or 0
        )


async def test_a_right_form_sets_one_locked_down_cookie_and_goes_to_the_dashboard() -> None:
    await _owner()
    async with client_of(accounts.routes) as client:
        answer = await _post(client)
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff/dashboard")
    assert answer.headers["cache-control"] == "no-store"
    name, _, rest = answer.headers.get_list("set-cookie")[0].partition("=")
    assert name == "smartmenu_session"
    attributes = {part.strip().lower() for part in rest.split(";")[1:]}
    assert attributes == {"httponly", "max-age=2592000", "path=/", "samesite=lax"}
    async with reading() as session:
        actor = await sessions.find_actor(
            session, token=client.cookies["smartmenu_session"], now=clock.now()
        )
    assert actor is not None
    assert actor.name == "Marta"


async def test_over_tls_the_cookie_is_secure_and_bound_to_this_host(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await _owner()
    monkeypatch.setenv("SMARTMENU_PUBLIC_URL", "https://menu.example")
    settings.cache_clear()
    async with client_of(accounts.routes, base_url="https://menu.example") as client:
        cookie = (await _post(client)).headers["set-cookie"]
    assert cookie.startswith("__Host-smartmenu_session=")
    assert "; secure" in cookie.lower()
    assert "domain" not in cookie.lower()


async def test_a_kitchen_account_starts_at_the_orders() -> None:
    await _owner()
    async with transaction() as session:
        await session.execute(sa.update(Membership).values(role=Role.KITCHEN))
    async with client_of(accounts.routes) as client:
        assert (await _post(client)).headers["location"] == "/staff/orders"


@pytest.mark.parametrize("email", [EMAIL, "nobody@brasa.example", "", "x" * 400])
async def test_a_wrong_form_goes_back_without_a_cookie_and_without_the_address(email: str) -> None:
    await _owner()
    async with client_of(accounts.routes) as client:
        answer = await _post(client, "wrong wrong wrong", email=email, next="/staff/orders")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/login?error=wrong&next=%2Fstaff%2Forders"
    assert "set-cookie" not in answer.headers
    assert await _open_sessions() == 0


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/staff/customers/1?tab=a", "/staff/customers/1?tab=a"),
        ("https://evil.example/staff/", "/staff/floor"),
        ("//evil.example/staff/", "/staff/floor"),
        ("/\\evil.example", "/staff/floor"),
        ("/\t/evil.example", "/staff/floor"),
        ("/staff/\r\nset-cookie: a=b", "/staff/floor"),
        ("/staff/../auth/logout", "/staff/floor"),
        ("/staff/%2e%2e/menu", "/staff/floor"),
        ("/staff//evil.example", "/staff/floor"),
        ("http://[/staff/", "/staff/floor"),
        ("javascript:alert(1)", "/staff/floor"),
        ("/staffroom", "/staff/floor"),
        ("/menu/brasa", "/staff/floor"),
        ("", "/staff/floor"),
        ("/staff/" + "x" * 600, "/staff/floor"),
    ],
)
async def test_only_our_own_staff_screens_are_reached(wanted: str, reached: str) -> None:
    assert (accounts.staff_path(wanted) or "/staff/floor") == reached


async def test_a_form_of_another_site_is_refused_with_the_right_password_too() -> None:
    await _owner()
    async with client_of(accounts.routes) as client:
        for headers in (
            {"sec-fetch-site": "cross-site"},
            {"sec-fetch-site": "", "origin": "https://evil.example"},
        ):
            client.headers.update(headers)
            answer = await _post(client)
            assert answer.headers["location"] == "/login?error=elsewhere"
            assert "set-cookie" not in answer.headers
    assert await _open_sessions() == 0


async def test_logging_in_again_ends_the_log_in_before_and_its_screens() -> None:
    await _owner()
    async with client_of(accounts.routes) as client:
        await _post(client)
        first = client.cookies["smartmenu_session"]
        async with reading() as session:
            old = await sessions.find_actor(session, token=first, now=clock.now())
        assert old is not None
        async with live.subscribe([live.session_topic(old.session_id)]) as screen:
            await _post(client)
            heard = await screen.next(1)
        assert [news.what for news in heard] == ["session_ended"]
        assert client.cookies["smartmenu_session"] != first
        async with reading() as session:
            assert await sessions.find_actor(session, token=first, now=clock.now()) is None
    assert await _open_sessions() == 1


async def test_a_wrong_try_keeps_the_log_in_one_has() -> None:
    await _owner()
    async with client_of(accounts.routes) as client:
        await _post(client)
        await _post(client, "wrong wrong wrong")
    assert await _open_sessions() == 1


async def test_the_limit_counts_the_real_address_whatever_headers_say() -> None:
    await _owner()
    async with client_of(accounts.routes) as client:
        for number in range(10):
            client.headers["x-forwarded-for"] = f"198.51.100.{number}"
            assert (await _post(client, "wrong wrong")).headers["location"] == "/login?error=wrong"
        answer = await _post(client)
    assert answer.headers["location"] == "/login?error=often"
    assert await _open_sessions() == 0


@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data; boundary=x", ""])
async def test_other_kinds_of_bodies_are_a_wrong_form(kind: str) -> None:
    async with client_of(accounts.routes) as client:
        answer = await client.post(
            "/auth/login", content=b"email=a&password=b", headers={"content-type": kind}
        )
    assert answer.headers["location"] == "/login?error=wrong"


async def test_a_huge_form_is_not_read() -> None:
    async with client_of(accounts.routes) as client:
        answer = await _post(client, "x" * 20_000)
    assert answer.headers["location"] == "/login?error=wrong"


async def test_logging_out_ends_the_log_in_its_screens_and_the_cookie() -> None:
    await _owner()
    async with client_of(accounts.routes) as client:
        await _post(client)
        async with reading() as session:
            actor = await sessions.find_actor(
                session, token=client.cookies["smartmenu_session"], now=clock.now()
            )
        assert actor is not None
        async with live.subscribe([live.session_topic(actor.session_id)]) as screen:
            answer = await client.post("/auth/logout")
            heard = await screen.next(1)
        assert (answer.status_code, answer.headers["location"]) == (303, "/login")
        assert [news.what for news in heard] == ["session_ended"]
        assert "smartmenu_session" not in client.cookies
    assert await _open_sessions() == 0


async def test_another_site_cannot_log_anybody_out_and_get_is_no_way_to() -> None:
    await _owner()
    async with client_of(accounts.routes) as client:
        await _post(client)
        assert (await client.get("/auth/logout")).status_code == 405
        await client.post("/auth/logout", headers={"sec-fetch-site": "cross-site"})
    assert await _open_sessions() == 1


async def test_a_log_in_ends_by_itself_after_eighteen_idle_hours() -> None:
    await _owner()
    async with client_of(accounts.routes) as client:
        await _post(client)
        token = client.cookies["smartmenu_session"]
    async with reading() as session:
        soon = clock.now() + timedelta(hours=17, minutes=59)
        assert await sessions.find_actor(session, token=token, now=soon) is not None
        late = clock.now() + timedelta(hours=18)
        assert await sessions.find_actor(session, token=token, now=late) is None


async def test_the_device_is_remembered_and_gets_in_while_somebody_guesses_elsewhere() -> None:
    await _owner()
    async with client_of(accounts.routes) as client, client_of(accounts.routes) as stranger:
        cookies = (await _post(client)).headers.get_list("set-cookie")
        mark = next(one for one in cookies if one.startswith("smartmenu_device="))
        attributes = {part.strip().lower() for part in mark.split(";")[1:]}
        assert attributes == {"httponly", "max-age=31536000", "path=/auth/login", "samesite=lax"}
        for _ in range(11):
            await _post(stranger, "wrong wrong wrong")
        assert (await _post(stranger)).headers["location"] == "/login?error=often"
        assert (await _post(client)).headers["location"] == "/staff/dashboard"


async def test_an_owner_of_two_goes_to_the_other_and_open_screens_of_the_first_end() -> None:
    await _owner()
    async with transaction() as session:
        user_id = (await session.scalars(sa.select(col(Membership.user_id)))).one()
        other = await make_restaurant(session)
        session.add(Membership(restaurant_id=other.id, user_id=user_id, role=Role.KITCHEN))
    async with client_of(accounts.routes) as client:
        await _post(client)
        token = client.cookies["smartmenu_session"]
        async with reading() as session:
            actor = await sessions.find_actor(session, token=token, now=clock.now())
        assert actor is not None
        async with live.subscribe([live.session_topic(actor.session_id)]) as news:
            answer = await client.post("/auth/restaurant", data={"restaurant_id": str(other.id)})
            heard = await news.next(timeout_seconds=10)
        assert [one.what for one in heard] == ["session_ended"]
        assert (answer.status_code, answer.headers["location"]) == (303, "/staff/orders")
        assert client.cookies["smartmenu_session"] != token
    assert await _open_sessions() == 1


@pytest.mark.parametrize("restaurant_id", ["", "mine", "018f3f7e-0000-7000-8000-000000000000"])
async def test_a_forged_or_foreign_switch_changes_nothing(restaurant_id: str) -> None:
    await _owner()
    async with client_of(accounts.routes) as client:
        await _post(client)
        token = client.cookies["smartmenu_session"]
        form = {"restaurant_id": restaurant_id}
        theirs = await client.post("/auth/restaurant", data=form)
        forged = await client.post(
            "/auth/restaurant", data=form, headers={"sec-fetch-site": "cross-site"}
        )
        for answer in (theirs, forged):
            assert answer.headers["location"] == "/staff/restaurants"
            assert "set-cookie" not in answer.headers
        assert client.cookies["smartmenu_session"] == token
