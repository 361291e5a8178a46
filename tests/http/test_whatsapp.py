"""Meta's webhook: forged, repeated, huge, early and unlucky deliveries."""

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator, Callable, Iterator, Sequence

import httpx
import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.journal import InboxMessage
from services.base import database
from services.base.database import reading
from services.base.settings import settings
from services.inbox import messages
from services.inbox.types import Letter
from services.whatsapp import inbox
from smartmenu.http import whatsapp
from tests.builders import NOW
from tests.databases import DatabaseUnderTest
from tests.http.app import client_of

PATH = "/webhooks/whatsapp"
SECRET = "app secret of the tests"
TOKEN = "verify token of the tests"
BODY = '{"object":"whatsapp_business_account","entry":[{"text":"Hallo \\u00e9 é"}]}'.encode()


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SMARTMENU_WHATSAPP_VERIFY_TOKEN", TOKEN)
    monkeypatch.setenv("SMARTMENU_WHATSAPP_APP_SECRET", SECRET)
    settings.cache_clear()
    yield
    settings.cache_clear()


def _signature(body: bytes, secret: str = SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


async def _deliver(client: httpx.AsyncClient, body: bytes, signature: str = "") -> httpx.Response:
    return await client.post(
        PATH, content=body, headers={"x-hub-signature-256": signature or _signature(body)}
    )


async def _stored() -> list[bytes]:
    async with reading() as session:
        return list(await session.scalars(sa.select(col(InboxMessage.body))))


@pytest.mark.usefixtures("database", "configured")
async def test_the_same_delivery_many_times_at_once_is_one_row_and_always_200() -> None:
    async with client_of(whatsapp.routes) as client:
        answers = await asyncio.gather(*(_deliver(client, BODY) for _ in range(12)))
        later = await _deliver(client, BODY)
    assert [a.status_code for a in [*answers, later]] == [200] * 13
    assert await _stored() == [BODY]


@pytest.mark.usefixtures("database")
async def test_the_inbox_tells_a_new_delivery_from_a_repeated_one() -> None:
    assert await inbox.keep(body=BODY, now=NOW) is True
    assert await inbox.keep(body=BODY, now=NOW) is False
    assert await inbox.keep(body=BODY + b" ", now=NOW) is True
    assert len(await _stored()) == 2


@pytest.mark.usefixtures("database", "configured")
async def test_what_comes_while_a_commit_is_under_way_shares_the_next_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept: list[int] = []
    store_all = messages.store_all

    async def counted(session: AsyncSession, *, letters: Sequence[Letter]) -> set[tuple[str, str]]:
        kept.append(len(letters))
        return await store_all(session, letters=letters)

    monkeypatch.setattr(messages, "store_all", counted)
    bodies = [f"{number % 30}".encode() for number in range(60)]
    new = await asyncio.gather(*(inbox.keep(body=body, now=NOW) for body in bodies))
    # Each of thirty came twice, and was new once.
    assert new == [True] * 30 + [False] * 30
    assert sorted(await _stored()) == sorted(set(bodies))
    assert kept == [60]


@pytest.mark.usefixtures("sqlite_database", "configured")
async def test_what_comes_the_moment_the_one_before_was_kept_is_kept_too() -> None:
    # Its sender hears of it before the task that kept it has ended.
    for number in range(6):
        assert await inbox.keep(body=f"{number}".encode(), now=NOW) is True
    assert len(await _stored()) == 6


@pytest.mark.usefixtures("sqlite_database", "configured")
async def test_who_hangs_up_loses_neither_their_own_message_nor_another_s() -> None:
    one = asyncio.ensure_future(inbox.keep(body=b"one", now=NOW))
    other = asyncio.ensure_future(inbox.keep(body=b"other", now=NOW))
    await asyncio.sleep(0)
    one.cancel()
    assert await other is True
    assert one.cancelled()
    assert sorted(await _stored()) == [b"one", b"other"]


@pytest.mark.usefixtures("sqlite_database", "configured")
@pytest.mark.parametrize(
    ("signature", "status"),
    [
        (_signature(BODY, "another secret"), 401),
        (_signature(BODY + b" "), 401),
        (_signature(BODY).removeprefix("sha256="), 401),
        (_signature(BODY)[:-1], 401),
        ("sha1=" + "0" * 40, 401),
        ("sha256=", 401),
        ("sha256=é", 401),
        (_signature(BODY).upper(), 401),
        ("sha256=" + _signature(BODY).removeprefix("sha256=").upper(), 401),
        (_signature(BODY).replace("sha256=", "sha256= "), 401),
        (_signature(BODY) + "0", 401),
        (f"{_signature(BODY)},{_signature(BODY)}", 401),
    ],
)
async def test_a_forged_delivery_is_refused_and_not_stored(signature: str, status: int) -> None:
    async with client_of(whatsapp.routes) as client:
        answer = await client.post(
            PATH, content=BODY, headers=[(b"x-hub-signature-256", signature.encode("latin-1"))]
        )
    assert answer.status_code == status
    assert await _stored() == []


@pytest.mark.usefixtures("sqlite_database", "configured")
async def test_with_a_new_secret_what_the_old_one_signed_is_refused_and_not_stored(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    old = _signature(BODY)
    async with client_of(whatsapp.routes) as client:
        assert (await _deliver(client, BODY, old)).status_code == 200
        monkeypatch.setenv("SMARTMENU_WHATSAPP_APP_SECRET", "the secret after it")
        settings.cache_clear()
        # Also what came before under the same signature: it is no proof any more.
        assert (await _deliver(client, BODY, old)).status_code == 401
        later = BODY + b"\n"
        assert (await _deliver(client, later)).status_code == 401
        renewed = _signature(later, "the secret after it")
        assert (await _deliver(client, later, renewed)).status_code == 200
    assert await _stored() == [BODY, later]


@pytest.mark.usefixtures("sqlite_database", "configured")
async def test_a_delivery_without_a_signature_is_401() -> None:
    async with client_of(whatsapp.routes) as client:
        assert (await client.post(PATH, content=BODY)).status_code == 401
    assert await _stored() == []


@pytest.mark.usefixtures("sqlite_database", "configured")
async def test_three_megabytes_are_taken_and_one_byte_more_is_not() -> None:
    whole = b"x" * (3 * 1024 * 1024)
    async with client_of(whatsapp.routes) as client:
        assert (await _deliver(client, whole)).status_code == 200
        assert (await _deliver(client, whole + b"x")).status_code == 413

        async def unannounced() -> AsyncIterator[bytes]:
            for _ in range(50):
                yield b"x" * 100_000

        answer = await client.post(
            PATH, content=unannounced(), headers={"x-hub-signature-256": "sha256=0"}
        )
        assert answer.status_code == 413
    assert [len(body) for body in await _stored()] == [3_145_728]


@pytest.mark.usefixtures("configured")
async def test_without_a_database_meta_is_told_to_come_again(
    use_database: Callable[[str], DatabaseUnderTest],
) -> None:
    use_database("postgresql+psycopg://nobody@127.0.0.1:1/nowhere")
    async with client_of(whatsapp.routes) as client:
        answer = await _deliver(client, BODY)
    await database.dispose()
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


@pytest.mark.usefixtures("sqlite_database")
async def test_without_a_secret_nothing_is_believed_and_the_answer_says_why() -> None:
    async with client_of(whatsapp.routes) as client:
        answer = await _deliver(client, BODY, _signature(BODY, ""))
        asked = await client.get(PATH, params={"hub.mode": "subscribe", "hub.verify_token": ""})
    assert answer.status_code == 503
    assert "SMARTMENU_WHATSAPP_APP_SECRET is empty" in answer.text
    assert asked.status_code == 503
    assert await _stored() == []


@pytest.mark.usefixtures("sqlite_database", "configured")
@pytest.mark.parametrize(
    ("mode", "token", "challenge", "status"),
    [
        ("subscribe", TOKEN, "1158201444", 200),
        ("subscribe", TOKEN, "", 400),
        ("subscribe", TOKEN, "x" * 201, 400),
        ("subscribe", TOKEN + " ", "1158201444", 403),
        ("subscribe", "", "1158201444", 403),
        ("subscribe", "é", "1158201444", 403),
        ("unsubscribe", TOKEN, "1158201444", 403),
        ("", TOKEN, "1158201444", 403),
    ],
)
async def test_a_subscription_is_verified_by_our_token_alone(
    mode: str, token: str, challenge: str, status: int
) -> None:
    query = {"hub.mode": mode, "hub.verify_token": token, "hub.challenge": challenge}
    async with client_of(whatsapp.routes) as client:
        answer = await client.get(PATH, params=query)
    assert answer.status_code == status
    if status == 200:
        assert answer.text == challenge
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        assert answer.headers["x-content-type-options"] == "nosniff"
