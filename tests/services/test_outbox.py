"""The outbox: written with its cause, delivered at least once, retried with patience, then dead."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

import pytest
import sqlalchemy as sa
import time_machine
from sqlmodel import col

from models.enums import DeliveryStatus
from models.journal import OutboxMessage
from services.base.database import reading, transaction
from services.base.errors import InvalidInputError, TooManyTriesError, UnavailableError
from services.outbox import messages, rules
from services.outbox.delivery import deliver_due
from services.outbox.types import Delivery
from tests.builders import NOW, make_restaurant

pytestmark = pytest.mark.usefixtures("database")
MINUTE = timedelta(minutes=1)


class Receiver:
    """The other side: what reached it, and what it answers next."""

    def __init__(self, *answers: Exception | None) -> None:
        self.got: list[Delivery] = []
        self.answers = list(answers)
        self.before: Callable[[Delivery], Awaitable[None]] | None = None

    async def __call__(self, delivery: Delivery) -> None:
        self.got.append(delivery)
        if self.before is not None:
            await self.before(delivery)
        answer = self.answers.pop(0) if self.answers else None
        if answer is not None:
            raise answer


async def _restaurant() -> UUID:
    async with transaction() as session:
        return (await make_restaurant(session)).id


async def _put(
    restaurant_id: UUID, *, kind: str = "email", at: datetime = NOW, key: str = ""
) -> UUID:
    async with transaction() as session:
        return await messages.put(
            session, restaurant_id=restaurant_id, kind=kind, payload={"n": 1}, now=at, key=key
        )


async def _rows() -> list[OutboxMessage]:
    async with reading() as session:
        found = await session.scalars(sa.select(OutboxMessage).order_by(col(OutboxMessage.id)))
        return list(found)


async def _row() -> OutboxMessage:
    (row,) = await _rows()
    return row


async def _deliver(receiver: Receiver, at: datetime = NOW) -> None:
    with time_machine.travel(at, tick=False):
        await deliver_due(at, handlers={"email": receiver})


async def test_what_is_rolled_back_is_never_said() -> None:
    restaurant_id = await _restaurant()
    with contextlib.suppress(ZeroDivisionError):
        async with transaction() as session:
            await messages.put(
                session, restaurant_id=restaurant_id, kind="email", payload={}, now=NOW
            )
            raise ZeroDivisionError
    receiver = Receiver()
    await _deliver(receiver)
    assert receiver.got == []


async def test_the_same_key_is_said_once_and_another_restaurant_s_is_its_own() -> None:
    here, there = await _restaurant(), await _restaurant()
    first = await _put(here, key="receipt:1")
    assert await _put(here, key="receipt:1") == first
    assert await _put(there, key="receipt:1") != first
    assert await _put(here, kind="push", key="receipt:1") != first
    assert await _put(here) != await _put(here)
    assert len(await _rows()) == 5


async def test_a_delivered_message_is_done_and_not_said_again() -> None:
    message_id = await _put(await _restaurant())
    receiver = Receiver()
    await _deliver(receiver)
    await _deliver(receiver, NOW + timedelta(days=1))
    assert [(one.id, one.payload, one.attempt_number) for one in receiver.got] == [
        (message_id, {"n": 1}, 1)
    ]
    row = await _row()
    assert (row.status, row.delivered_at, row.last_error) == (DeliveryStatus.DONE, NOW, None)


async def test_of_five_processes_at_once_each_message_is_said_by_one() -> None:
    restaurant_id = await _restaurant()
    ids = {await _put(restaurant_id) for _ in range(25)}
    receiver = Receiver()
    await asyncio.gather(*(_deliver(receiver) for _ in range(5)))
    assert len(receiver.got) == 25
    assert {one.id for one in receiver.got} == ids


async def test_a_process_that_dies_after_the_effect_has_it_said_again_with_the_same_id() -> None:
    message_id = await _put(await _restaurant())
    receiver = Receiver()

    async def die(_delivery: Delivery) -> None:
        task = asyncio.current_task()
        assert task is not None
        task.cancel()
        await asyncio.sleep(0)

    receiver.before = die
    with pytest.raises(asyncio.CancelledError):
        await _deliver(receiver)
    receiver.before = None
    await _deliver(receiver, NOW + rules.LEASE - timedelta(seconds=1))
    assert len(receiver.got) == 1
    await _deliver(receiver, NOW + rules.LEASE)
    assert [(one.id, one.attempt_number) for one in receiver.got] == [
        (message_id, 1),
        (message_id, 2),
    ]
    assert (await _row()).status == DeliveryStatus.DONE


async def test_a_passing_failure_is_tried_again_later_and_later_until_it_is_given_up() -> None:
    await _put(await _restaurant())
    receiver = Receiver(*[UnavailableError("away")] * 20)
    moment, waits = NOW, []
    for _ in range(rules.MAX_ATTEMPTS - 1):
        await _deliver(receiver, moment)
        row = await _row()
        assert row.status == DeliveryStatus.WAITING
        assert row.last_error == "UnavailableError"
        waits.append((row.next_attempt_at - moment).total_seconds())
        moment = row.next_attempt_at
    await _deliver(receiver, moment)
    row = await _row()
    assert (row.status, row.attempt_count) == (DeliveryStatus.FAILED, 13)
    for wait, planned in zip(waits, [30 * 2**n for n in range(10)] + [21600] * 2, strict=True):
        assert planned * 0.8 <= wait <= planned * 1.2
    await _deliver(receiver, moment + timedelta(days=30))
    assert len(receiver.got) == 13


async def test_what_can_never_work_is_given_up_at_once_without_its_words() -> None:
    await _put(await _restaurant())
    for failure in (
        UnavailableError("no such number: +34 600 000 000", permanent=True),
        InvalidInputError("ana@example.com is none"),
    ):
        await _deliver(Receiver(failure))
        row = await _row()
        assert (row.status, row.attempt_count) == (DeliveryStatus.FAILED, 1)
        assert row.last_error == type(failure).__name__
        async with transaction() as session:
            await messages.revive(session, restaurant_id=row.restaurant_id, kind="", now=NOW)


async def test_a_bug_in_a_handler_is_tried_again_and_holds_up_nobody() -> None:
    restaurant_id = await _restaurant()
    for _ in range(30):
        await _put(restaurant_id)
    receiver = Receiver(*[KeyError("ana@example.com")] * 5)
    await _deliver(receiver)
    rows = await _rows()
    assert len(receiver.got) == 30
    assert [row.status for row in rows].count(DeliveryStatus.DONE) == 25
    assert {row.last_error for row in rows} == {None, "KeyError"}


async def test_who_says_when_to_come_back_is_asked_no_sooner() -> None:
    await _put(await _restaurant())
    await _deliver(Receiver(TooManyTriesError("slow down", retry_after_seconds=4000)))
    assert (await _row()).next_attempt_at == NOW + timedelta(seconds=4000)


async def test_a_handler_that_hangs_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "ATTEMPT_SECONDS", 0.05)
    await _put(await _restaurant())
    receiver = Receiver()

    async def hang(_delivery: Delivery) -> None:
        await asyncio.sleep(60)

    receiver.before = hang
    await deliver_due(NOW, handlers={"email": receiver})
    row = await _row()
    assert (row.status, row.last_error) == (
        DeliveryStatus.WAITING,
        "TimeoutError from CancelledError",
    )


async def test_a_kind_nobody_knows_here_waits_for_a_process_that_does() -> None:
    restaurant_id = await _restaurant()
    await _put(restaurant_id, kind="fax")
    receiver = Receiver()
    await _deliver(receiver)
    await deliver_due(NOW, handlers={})
    row = await _row()
    assert (row.status, row.attempt_count) == (DeliveryStatus.WAITING, 0)


async def test_who_was_late_does_not_undo_what_another_has_done() -> None:
    restaurant_id = await _restaurant()
    await _put(restaurant_id)
    async with transaction() as session:
        (late,) = await messages.claim_due(session, kinds=["email"], limit=1, now=NOW)
    await _deliver(Receiver(), NOW + rules.LEASE)
    async with transaction() as session:
        await messages.mark_failed(
            session, delivery=late, why="late", delay=None, now=NOW + rules.LEASE
        )
    assert (await _row()).status == DeliveryStatus.DONE


async def test_dead_messages_come_back_for_their_own_restaurant_and_kind_alone() -> None:
    here, there = await _restaurant(), await _restaurant()
    message_id = await _put(here)
    await _put(there)
    await _deliver(Receiver(InvalidInputError("no"), InvalidInputError("no")))

    async def revive(whose: UUID | None, kind: str) -> list[UUID]:
        async with transaction() as session:
            revived = await messages.revive(session, restaurant_id=whose, kind=kind, now=NOW)
        return [one.id for one in revived]

    assert await revive(here, "whatsapp") == []
    assert await revive(here, "email") == [message_id]
    # What waits is not revived again, and the other restaurant's is still dead.
    assert await revive(here, "") == []
    receiver = Receiver()
    await _deliver(receiver)
    assert [(one.id, one.attempt_number) for one in receiver.got] == [(message_id, 1)]
    assert len(await revive(None, "")) == 1
    assert await revive(None, "") == []


async def test_a_clock_set_back_an_hour_delays_nothing_new_and_hurries_nothing_planned() -> None:
    restaurant_id = await _restaurant()
    await _put(restaurant_id, at=NOW + 60 * MINUTE)
    async with transaction() as session:
        await messages.put(
            session,
            restaurant_id=restaurant_id,
            kind="email",
            payload={"n": 2},
            now=NOW + 60 * MINUTE,
            not_before=NOW + 90 * MINUTE,
        )
    receiver = Receiver(UnavailableError("away"))
    await _deliver(receiver)
    await _deliver(receiver, NOW + timedelta(seconds=20))
    assert [one.payload for one in receiver.got] == [{"n": 1}]


async def test_old_messages_are_deleted_and_waiting_ones_never() -> None:
    restaurant_id = await _restaurant()
    waiting = await _put(restaurant_id, kind="fax")
    await _put(restaurant_id)
    await _deliver(Receiver())
    dead = await _put(restaurant_id)
    await _deliver(Receiver(InvalidInputError("no")))
    for days, left in ((14, 3), (15, 2), (365, 1)):
        async with transaction() as session:
            await messages.purge(session, now=NOW + timedelta(days=days))
        assert len(await _rows()) == left
        assert (dead in {row.id for row in await _rows()}) is (days < 365)
    assert (await _row()).id == waiting


def test_the_last_attempt_comes_within_a_day() -> None:
    failure = UnavailableError("away")
    waits = [
        rules.delay_after(number, failure=failure, rng=Random(number)) for number in range(1, 14)
    ]
    assert waits[-1] is None
    assert timedelta(hours=16) < sum(filter(None, waits), timedelta()) < timedelta(hours=26)
