"""Sending through the Graph API: what goes out, how often, and what each refusal means."""

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import httpx
import pytest
import sqlalchemy as sa
import time_machine
from sqlmodel import col
from typer.testing import CliRunner

from models.enums import DeliveryStatus, MessageStatus
from models.journal import OutboxMessage
from models.whatsapp import WhatsAppMessage, WhatsAppSender
from services.base.database import reading, transaction
from services.base.limits import Bucket
from services.base.settings import settings
from services.jobs import reviving
from services.outbox.delivery import deliver_due
from services.whatsapp import gateway, saying, senders, sending
from tests.builders import NOW, make_restaurant

pytestmark = pytest.mark.usefixtures("sqlite_database")


class Graph:
    """Answers as Meta does, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, object]] = []
        self.answers: list[httpx.Response | Exception] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        assert request.headers["authorization"] == "Bearer secret-token"
        assert request.url.path == "/v23.0/106/messages"
        self.asked.append(json.loads(request.content))
        answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, Exception):
            raise answer
        sent = {"messages": [{"id": f"wamid.out.{len(self.asked)}"}]}
        return answer or httpx.Response(200, json=sent)


@pytest.fixture
def graph(monkeypatch: pytest.MonkeyPatch) -> Graph:
    answers = Graph()
    known = settings()
    monkeypatch.setattr(known, "whatsapp_access_token", "secret-token")
    monkeypatch.setattr(known, "whatsapp_phone_number_id", "106")
    transport = httpx.MockTransport(answers)
    monkeypatch.setattr(gateway, "client", lambda: httpx.AsyncClient(transport=transport))
    monkeypatch.setattr(sending, "_number_bucket", Bucket(capacity=80, refill_per_second=80))
    return answers


async def _meet(*, phone: str = "4930901842") -> UUID:
    async with transaction() as session:
        sender = await senders.meet(session, user_id="DE.ana", phone=phone, said_at=NOW, now=NOW)
        return sender.id


async def _say(sender_id: UUID, text: str = "Hello", **more: object) -> None:
    async with transaction() as session:
        restaurant = await make_restaurant(session)
        await saying.say(
            session,
            sender_id=sender_id,
            restaurant_id=restaurant.id,
            text=text,
            now=NOW,
            **more,  # type: ignore[arg-type]
        )


async def _deliver(after: timedelta = timedelta(0)) -> None:
    with time_machine.travel(NOW + after, tick=False):
        await deliver_due(NOW + after, handlers={saying.KIND: sending.deliver})


async def _states() -> list[tuple[str, str, int | None]]:
    async with reading() as session:
        found = await session.execute(
            sa.select(
                col(OutboxMessage.status),
                col(WhatsAppMessage.message_status),
                col(WhatsAppMessage.error_code),
            )
            .select_from(OutboxMessage)
            .join(WhatsAppMessage, sa.true())
            .where(col(OutboxMessage.kind) == saying.KIND)
        )
        return [(one, two, three) for one, two, three in found]


async def test_a_text_goes_to_the_number_and_keeps_whatsapps_id(graph: Graph) -> None:
    await _say(await _meet())
    await _deliver()
    assert graph.asked == [
        {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": "4930901842",
            "type": "text",
            "text": {"preview_url": False, "body": "Hello"},
        }
    ]
    async with reading() as session:
        (row,) = await session.scalars(sa.select(WhatsAppMessage))
    assert (row.external_id, row.message_status) == ("wamid.out.1", MessageStatus.SENT)


async def test_without_a_number_it_goes_to_the_user_id_with_its_buttons(graph: Graph) -> None:
    await _say(await _meet(phone=""), buttons={"share:1:yes": "Yes", "share:1:no": "No"})
    await _deliver()
    (asked,) = graph.asked
    assert asked["recipient"] == "DE.ana"
    assert "to" not in asked
    assert asked["interactive"] == {
        "type": "button",
        "body": {"text": "Hello"},
        "action": {
            "buttons": [
                {"type": "reply", "reply": {"id": "share:1:yes", "title": "Yes"}},
                {"type": "reply", "reply": {"id": "share:1:no", "title": "No"}},
            ]
        },
    }


async def test_what_is_said_once_goes_out_once(graph: Graph) -> None:
    sender_id = await _meet()
    async with transaction() as session:
        restaurant = await make_restaurant(session)
        for _ in range(3):
            await saying.say(
                session,
                sender_id=sender_id,
                restaurant_id=restaurant.id,
                text="Ready",
                now=NOW,
                key="ready:1",
            )
    await _deliver()
    await _deliver(timedelta(hours=1))
    assert len(graph.asked) == 1


@pytest.mark.parametrize(
    "answer", [{}, {"messages": []}, {"messages": [{}]}, {"messages": None}, [], "ok"]
)
async def test_what_was_taken_without_an_id_is_not_sent_again(graph: Graph, answer: object) -> None:
    graph.answers = [httpx.Response(200, json=answer)]
    await _say(await _meet())
    await _deliver()
    await _deliver(timedelta(hours=1))
    assert len(graph.asked) == 1
    assert await _states() == [("done", MessageStatus.SENT, None)]


async def test_one_person_gets_one_message_in_six_seconds(graph: Graph) -> None:
    sender_id = await _meet()
    await _say(sender_id, "one")
    await _deliver()
    await _say(sender_id, "two")
    await _deliver(timedelta(seconds=1))
    assert len(graph.asked) == 1
    await _deliver(timedelta(minutes=1))
    assert len(graph.asked) == 2


@pytest.mark.parametrize(
    ("answer", "is_final", "code"),
    [
        (httpx.Response(400, json={"error": {"code": 131047}}), True, 131047),
        (httpx.Response(400, json={"error": {"code": 131026}}), True, 131026),
        (httpx.Response(400, json={"error": {"code": 131056}}), False, None),
        (httpx.Response(400, text="<html>"), True, None),
        (httpx.Response(429, json={}), False, None),
        (httpx.Response(503, text="away"), False, None),
        (httpx.ConnectError("no route"), False, None),
    ],
)
async def test_each_refusal_is_final_or_passes(
    graph: Graph, answer: httpx.Response | Exception, *, is_final: bool, code: int | None
) -> None:
    await _say(await _meet())
    graph.answers = [answer]
    await _deliver()
    ended = (DeliveryStatus.FAILED, MessageStatus.FAILED, code)
    assert await _states() == [
        ended if is_final else (DeliveryStatus.WAITING, MessageStatus.WAITING, None)
    ]
    await _deliver(timedelta(hours=1))
    assert len(graph.asked) == (1 if is_final else 2)


async def _outside(sender: WhatsAppSender) -> None:
    sender.last_message_at = NOW - timedelta(hours=24, seconds=1)


async def _opted_out(sender: WhatsAppSender) -> None:
    sender.opted_out_at = NOW


@pytest.mark.parametrize("change", [_outside, _opted_out])
async def test_nothing_goes_out_after_the_window_or_after_stop(
    graph: Graph, change: Callable[..., object]
) -> None:
    await _say(await _meet())
    async with transaction() as session:
        (row,) = await session.scalars(sa.select(WhatsAppSender))
        await change(row)  # type: ignore[misc]
    await _deliver()
    assert graph.asked == []
    assert await _states() == [
        (DeliveryStatus.FAILED, MessageStatus.FAILED, sending.OUTSIDE_WINDOW)
    ]


async def test_without_an_account_nothing_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings(), "whatsapp_access_token", "")
    await _say(await _meet())
    await _deliver()
    assert (await _states())[0][0] == DeliveryStatus.FAILED


async def test_what_meta_did_not_take_for_an_hour_goes_out_afterwards_once(graph: Graph) -> None:
    """Four guests, two messages each; Meta is away, then answers slowly by the pair limit."""
    async with transaction() as session:
        restaurant = await make_restaurant(session)
        for number in range(4):
            sender = await senders.meet(
                session, user_id=f"DE.{number}", phone=f"493090184{number}", said_at=NOW, now=NOW
            )
            for words in ("first", "second"):
                await saying.say(
                    session,
                    sender_id=sender.id,
                    restaurant_id=restaurant.id,
                    text=f"{words} {number}",
                    now=NOW,
                    key=f"{words}:{number}",
                )
    graph.answers = [
        httpx.ConnectError("no route") if number % 2 else httpx.Response(503, text="away")
        for number in range(1000)
    ]
    # The job looks every ten seconds; every minute is enough to see the same.
    for minute in range(60):
        await _deliver(timedelta(minutes=minute))
    tried = len(graph.asked)
    # With back-off an hour's outage costs few attempts, none of them the last; what was said
    # later waits for what was said before it and costs none.
    assert 4 * 4 <= tried <= 4 * 9
    graph.answers.clear()
    graph.asked.clear()
    for minute in range(60, 60 + 240):
        await _deliver(timedelta(minutes=minute))
    told = [(str(one["to"]), str(one["text"]["body"])) for one in graph.asked]  # type: ignore[index]
    wanted = {
        (f"493090184{number}", f"{words} {number}")
        for number in range(4)
        for words in ("first", "second")
    }
    assert len(told) == 8
    assert set(told) == wanted
    for number in range(4):
        own = [words for phone, words in told if phone == f"493090184{number}"]
        assert own == [f"first {number}", f"second {number}"]
    assert {state[0] for state in await _states()} == {DeliveryStatus.DONE}


async def test_after_an_outage_each_guest_reads_everything_in_the_order_of_writing(
    graph: Graph,
) -> None:
    """Keyed and plain ones, of two restaurants, minutes apart; three processes deliver at once."""
    async with transaction() as session:
        restaurants = [await make_restaurant(session) for _ in range(2)]
        ana, ben = [
            (await senders.meet(session, user_id=f"DE.{one}", phone=one, said_at=NOW, now=NOW)).id
            for one in ("4930901841", "4930901842")
        ]
    written = {ana: 9, ben: 4}
    for sender_id, count in written.items():
        for number in range(count):
            async with transaction() as session:
                await saying.say(
                    session,
                    sender_id=sender_id,
                    restaurant_id=restaurants[number % 2].id,
                    text=str(number),
                    now=NOW + timedelta(minutes=5 * number),
                    # Ids of keyed ones come from their key: in no order.
                    key=f"step {number}:{sender_id}" if number % 3 else "",
                )
    graph.answers = [httpx.ConnectError("no route")] * 1000
    for minute in range(60):
        await _deliver(timedelta(minutes=minute))
    graph.answers.clear()
    graph.asked.clear()
    for minute in range(60, 60 + 180):
        await asyncio.gather(*(_deliver(timedelta(minutes=minute)) for _ in range(3)))
    for phone, count in (("4930901841", 9), ("4930901842", 4)):
        told = [one["text"]["body"] for one in graph.asked if one["to"] == phone]  # type: ignore[index]
        assert told == [str(number) for number in range(count)]
    assert {state[0] for state in await _states()} == {DeliveryStatus.DONE}


async def test_a_message_that_can_never_go_out_does_not_hold_up_the_next(graph: Graph) -> None:
    sender_id = await _meet()
    await _say(sender_id, "unlucky")
    await _say(sender_id, "lucky")
    graph.answers = [httpx.Response(400, json={"error": {"code": 131026}})]
    for seconds in (0, 10, 20):
        await _deliver(timedelta(seconds=seconds))
    assert [one["text"]["body"] for one in graph.asked] == ["unlucky", "lucky"]  # type: ignore[index]


async def test_a_message_that_was_sent_before_its_process_died_is_not_sent_again(
    graph: Graph,
) -> None:
    await _say(await _meet())
    async with transaction() as session:
        (row,) = await session.scalars(sa.select(WhatsAppMessage))
        row.message_status, row.external_id = MessageStatus.SENT, "wamid.out.before"
    await _deliver()
    assert graph.asked == []
    assert (await _states())[0][0] == DeliveryStatus.DONE


async def test_what_meta_refused_goes_out_once_when_it_is_sent_again_after_mending(
    graph: Graph,
) -> None:
    await _say(await _meet())
    graph.answers = [httpx.Response(401, json={"error": {"code": 190}})]
    await _deliver()
    await _deliver(timedelta(hours=1))
    assert len(graph.asked) == 1
    async with transaction() as session:
        assert await reviving.revive(session, slug="", kind="email", now=NOW) == Counter()
        assert await reviving.revive(session, slug="", kind="", now=NOW) == {saying.KIND: 1}
        assert await reviving.revive(session, slug="", kind="", now=NOW) == Counter()
    await _deliver()
    await _deliver(timedelta(hours=1))
    assert len(graph.asked) == 2
    async with reading() as session:
        row = (await session.scalars(sa.select(WhatsAppMessage))).one()
    assert (row.message_status, row.error_code) == (MessageStatus.SENT, None)


def test_the_command_says_how_much_goes_out_again() -> None:
    from smartmenu.command import app

    def said(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, ["outbox", "revive", *words])
        return done.exit_code, done.output

    assert said() == (0, "Nothing was given up.\n")
    assert said("--restaurant", "nowhere") == (1, "There is no such restaurant.\n")
