"""Templates, what an operator is told, and who an operator is."""

import json
from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.accounts import User
from models.enums import Role
from models.whatsapp import WhatsAppMessage
from services.accounts import operators, sessions, team
from services.accounts.passwords import HashedPassword
from services.accounts.types import Permission
from services.base import clock
from services.base.database import reading, transaction
from services.base.errors import ForbiddenError, InvalidInputError, NotFoundError
from services.base.secrets import PLATFORM, decrypt
from services.base.settings import settings
from services.whatsapp import checking, gateway, inbox, replying, shapes, templates
from services.whatsapp.checking import Finding
from services.whatsapp.errors import UnknownTemplateError
from state.staff.platform_whatsapp import PlatformWhatsAppState
from tests.builders import NOW, make_restaurant, make_user
from tests.services.ordering_room import make_room
from tests.services.whatsapp_place import arrive, conversation_of, order_by_whatsapp
from tests.state.screens import call, log_in, open_screen, told

pytestmark = pytest.mark.usefixtures("sqlite_database")
ABOUT: dict[str, Any] = {
    "name": "about_your_order",
    "language": "en",
    "category": "UTILITY",
    "status": "APPROVED",
    "components": [{"type": "BODY", "text": "About your order at {{1}}: {{2}}"}],
}


async def _pull(*told: dict[str, Any]) -> None:
    async with transaction() as session:
        await templates.keep_pulled(session, told=told, now=NOW)


async def _offered() -> list[str]:
    async with reading() as session:
        return [one.name for one in await templates.offered(session)]


async def test_staff_are_offered_what_is_approved_useful_and_can_be_filled_in() -> None:
    picture = [{"type": "HEADER", "format": "IMAGE"}, *ABOUT["components"]]
    named = [{"type": "BODY", "text": "Hello {{guest}}"}]
    await _pull(
        ABOUT,
        ABOUT | {"name": "pending", "status": "PENDING"},
        ABOUT | {"name": "advert", "category": "MARKETING"},
        ABOUT | {"name": "picture", "components": picture},
        ABOUT | {"name": "named", "components": named},
        {"name": "bare"},
    )
    assert await _offered() == ["about_your_order"]
    # What Meta tells no more is gone.
    await _pull(ABOUT | {"name": "other"})
    assert await _offered() == ["other"]


async def test_meta_s_word_about_a_template_counts_at_once() -> None:
    await make_room()
    await _pull(ABOUT)

    async def hear(event: str) -> list[str]:
        value = {
            "event": event,
            "message_template_name": "about_your_order",
            "message_template_language": "en",
        }
        change = {"field": "message_template_status_update", "value": value}
        body = json.dumps({"entry": [{"changes": [change]}]}).encode()
        await inbox.keep(body=body, now=NOW)
        await arrive()
        return await _offered()

    assert await hear("PAUSED") == []
    assert await hear("APPROVED") == ["about_your_order"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "About Your Order"),
        ("name", ""),
        ("language", "English"),
        ("category", "FUN"),
        ("status", "approved"),
        ("body", " "),
        ("body", "x" * 1025),
        ("body", "{{1}} and {{3}}"),
        ("body", "{{1}}{{2}}{{3}}{{4}}{{5}}"),
    ],
)
async def test_what_cannot_be_a_template_is_refused_at_its_field(field: str, value: str) -> None:
    good = {
        "name": "ready_soon",
        "language": "pt_BR",
        "category": "UTILITY",
        "status": "APPROVED",
        "body": "{{1}} is ready",
    }
    async with transaction() as session:
        await templates.enter(session, **good, now=NOW)
        with pytest.raises(InvalidInputError) as refused:
            await templates.enter(session, **good | {field: value}, now=NOW)
    assert refused.value.field == field
    assert await _offered() == ["ready_soon"]


async def test_a_template_goes_to_a_guest_who_wrote_long_ago() -> None:
    room = await make_room()
    await order_by_whatsapp(room)
    await _pull(ABOUT, ABOUT | {"name": "pending", "status": "PENDING"})
    chosen = await conversation_of(room)
    late = NOW + timedelta(days=3)
    async with transaction() as session:
        by_name = {one.name: one for one in await templates.list_templates(session)}
        where: dict[str, Any] = {"by": room.waiter, "conversation_id": chosen.id, "now": late}
        with pytest.raises(UnknownTemplateError):
            await replying.send_template(
                session, **where, template_id=by_name["pending"].id, values=["a", "b"]
            )
        for values in (["Brasa", " "], ["Brasa"], ["Brasa", "x" * 301]):
            with pytest.raises(InvalidInputError) as refused:
                await replying.send_template(
                    session, **where, template_id=by_name["about_your_order"].id, values=values
                )
            assert refused.value.field == "value2"
        message_id = await replying.send_template(
            session,
            **where,
            template_id=by_name["about_your_order"].id,
            values=["Brasa", "you left\n your umbrella", "more"],
        )
    async with reading() as session:
        row = await session.get_one(WhatsAppMessage, message_id)
    text = decrypt(row.text_encrypted, restaurant_id=PLATFORM)
    assert text == "About your order at Brasa: you left your umbrella"
    told_meta = templates.request(
        json.loads(decrypt(row.template_encrypted, restaurant_id=PLATFORM))
    )
    assert told_meta == {
        "name": "about_your_order",
        "language": {"code": "en"},
        "components": [
            {
                "type": "body",
                "parameters": [
                    {"type": "text", "text": "Brasa"},
                    {"type": "text", "text": "you left your umbrella"},
                ],
            }
        ],
    }


async def test_an_unknown_webhook_leaves_its_shape_and_not_a_word_of_it() -> None:
    change = {"field": "calls", "value": {"calls": [{"from": "4915155544642", "type": "voice"}]}}
    for number in range(2):
        body = json.dumps({"entry": [{"id": str(number), "changes": [change]}]}).encode()
        await inbox.keep(body=body, now=NOW)
    await inbox.keep(body=b"\x00 no json", now=NOW)
    await arrive()
    async with reading() as session:
        found = {one.kind: one for one in await shapes.load_shapes(session)}
    assert {kind: one.seen_count for kind, one in found.items()} == {
        "calls": 2,
        "no_json": 1,
        # The webhook of `arrive` itself, which tells nothing.
        "messages": 1,
    }
    assert '"type": "voice"' in found["calls"].shape
    assert '"from": "str"' in found["calls"].shape
    assert "4915155544642" not in found["calls"].shape
    assert shapes.shape_of(b"[" * 100_000) == "no JSON"


@pytest.fixture
def meta(monkeypatch: pytest.MonkeyPatch) -> Callable[[httpx.Response | Exception], None]:
    """Everything is set, and Meta answers what the test says."""
    known = settings()
    for name in checking.NEEDED:
        monkeypatch.setattr(known, name, f"{name} of the tests")
    monkeypatch.setattr(known, "whatsapp_number", "+1 555 078-3881")

    def answer_with(answer: httpx.Response | Exception) -> None:
        def answered(_request: httpx.Request) -> httpx.Response:
            if isinstance(answer, Exception):
                raise answer
            return answer

        transport = httpx.MockTransport(answered)
        monkeypatch.setattr(gateway, "client", lambda: httpx.AsyncClient(transport=transport))

    return answer_with


async def _findings() -> dict[str, Finding]:
    async with reading() as session:
        return {one.name: one for one in await checking.examine(session, now=NOW)}


def _number(shown: str = "+1 555 078 3881", *, skew: float = 0) -> httpx.Response:
    at = format_datetime(NOW + timedelta(seconds=skew), usegmt=True)
    body = {"display_phone_number": shown, "verified_name": "X", "quality_rating": "GREEN"}
    return httpx.Response(200, json=body, headers={"date": at})


@pytest.mark.parametrize(
    ("answer", "wrong"),
    [
        (httpx.ConnectError("no way"), {"credentials"}),
        (httpx.Response(401, json={"error": {"code": 190}}), {"credentials"}),
        (httpx.Response(400, json={"error": {"code": 100}}), {"number"}),
        (_number("+1 555 0000"), {"number"}),
        (_number(skew=300), {"clock"}),
        (_number(skew=-59), set()),
    ],
)
async def test_each_thing_that_is_wrong_at_meta_is_told_by_its_name(
    meta: Callable[..., None], answer: httpx.Response | Exception, wrong: set[str]
) -> None:
    meta(answer)
    found = await _findings()
    bad = {name for name, one in found.items() if not one.is_good}
    assert bad == wrong | {"webhook"}
    assert all(one.to_do or one.name == "credentials" for one in found.values() if not one.is_good)


async def test_what_is_wrong_at_home_is_told_too(meta: Callable[..., None]) -> None:
    meta(_number())
    async with transaction() as session:
        await shapes.note_sign(session, name="verified", now=NOW - timedelta(days=5))
    assert "nothing has come for two days" in (await _findings())["webhook"].found
    await inbox.keep(body=b"{}", now=NOW - timedelta(hours=1))
    assert (await _findings())["webhook"].is_good
    async with transaction() as session:
        await shapes.note_sign(session, name="signature_wrong", now=NOW)
    assert not (await _findings())["signature"].is_good


async def test_what_is_not_set_is_named_first(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in checking.NEEDED:
        monkeypatch.setattr(settings(), name, "x")
    monkeypatch.setattr(settings(), "whatsapp_app_secret", "")
    (only,) = (await _findings()).values()
    assert only.facts == {"names": "SMARTMENU_WHATSAPP_APP_SECRET"}


async def test_only_the_command_line_makes_an_operator_and_no_owner_can_become_one() -> None:
    async with transaction() as session:
        restaurant = await make_restaurant(session)
        owner = (await make_user(session, restaurant=restaurant, role=Role.OWNER)).actor
        cookie = await log_in(session, restaurant)
    async with transaction() as session:
        runs = await sessions.find_actor(session, token=cookie, now=clock.now())
        assert runs is not None
        assert not runs.can(Permission.OPERATE)
        email = await session.scalar(sa.select(col(User.email)).where(col(User.id) == runs.user_id))
        await operators.mark(session, email=f" {str(email).upper()} ", is_operator=True)
    async with transaction() as session:
        runs = await sessions.find_actor(session, token=cookie, now=clock.now())
        assert runs is not None
        assert runs.can(Permission.OPERATE)
        assert not runs.can(Permission.EDIT_SETTINGS)
        assert not owner.can(Permission.OPERATE)
        assert await operators.list_operators(session) == [email]
        with pytest.raises(ForbiddenError):
            await team.set_password(
                session,
                by=owner,
                user_id=runs.user_id,
                password=HashedPassword("!"),
                now=NOW,
            )
        with pytest.raises(NotFoundError):
            await operators.mark(session, email="nobody@example.com", is_operator=True)
        # Taken out of the team and hired again, the account is an ordinary one.
        await team.deactivate(session, by=owner, user_id=runs.user_id, now=NOW)
        assert await operators.list_operators(session) == []


async def test_the_page_shows_secrets_only_when_asked_and_opens_to_operators_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(settings(), "whatsapp_verify_token", "verify me")
    monkeypatch.setattr(settings(), "whatsapp_access_token", "access me")
    async with transaction() as session:
        restaurant = await make_restaurant(session)
        cookie = await log_in(session, restaurant, Role.OWNER)
    screen = await open_screen(PlatformWhatsAppState, cookie)
    await call(screen, "enter")
    assert (await told(screen))[0] == "Your role does not allow this."
    assert not screen.is_ready
    async with transaction() as session:
        await session.execute(sa.update(User).values(is_operator=True))
    await call(screen, "enter")
    shown = str(screen.dict())
    assert screen.is_ready
    assert "verify me" not in shown
    assert "access me" not in shown
    assert [line.text for line in screen.settings if "VERIFY" in line.label] == ["Set"]
    await call(screen, "show_token")
    assert screen.token == "verify me"
