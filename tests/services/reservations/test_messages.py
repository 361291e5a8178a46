"""Mail about reservations: planned once, true when it is read, and none where none goes out."""

import email
import email.policy
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine

from models.journal import OutboxMessage
from models.reservations import TableReservation
from services import mail
from services.base.database import reading, transaction
from services.base.settings import settings
from services.jobs.messages import deliver_outbox
from services.reservations import changes, queries, reminders, tidying
from services.reservations.changes import MoveDraft
from services.reservations.guest_page import find_booked_page
from services.reservations.types import Booked, Contact, ReservationChange
from tests.builders import NOW
from tests.services.reservations.dining import ANA, TONIGHT, Dining, later, make_dining

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(autouse=True)
def sending(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "can_send", lambda: True)


@pytest.fixture
async def dining(database: object) -> Dining:
    return await make_dining()


async def move(
    dining: Dining, booked: Booked, party_size: int = 2, *, minutes: int = 0, table: str = ""
) -> ReservationChange:
    tables = [dining.tables[table].id] if table else []
    async with transaction() as session:
        return await changes.move(
            session,
            restaurant=dining.info,
            reservation_id=booked.reservation_id,
            draft=MoveDraft(party_size, later(minutes), ANA, tables),
            by=dining.actor,
            now=NOW,
        )


async def waiting_messages() -> dict[str, object]:
    async with reading() as session:
        rows = await session.scalars(sa.select(OutboxMessage))
        return {row.kind: row.next_attempt_at for row in rows}


async def test_messages_are_planned_once_moved_along_and_called_off(dining: Dining) -> None:
    tomorrow = 2 * 24 * 60
    booked = await dining.book(at=later(tomorrow), key="form-1")
    await dining.book(at=later(tomorrow), key="form-1")
    assert await waiting_messages() == {
        "reservation_confirmed": NOW,
        "reservation_reminder": later(tomorrow - 24 * 60),
    }

    await move(dining, booked, minutes=tomorrow + 60)
    assert await waiting_messages() == {
        "reservation_confirmed": NOW,
        "reservation_reminder": later(tomorrow + 60 - 24 * 60),
    }

    await dining.change("cancel", booked)
    assert await waiting_messages() == {}


async def test_a_message_knows_its_words_only_while_it_is_true(dining: Dining) -> None:
    booked = await dining.book(at=later(2 * 24 * 60))
    async with reading() as session:
        rows = (await session.scalars(sa.select(OutboxMessage))).all()
        told = {
            row.kind: await reminders.find_message(
                session, restaurant_id=dining.info.id, kind=row.kind, payload=row.payload
            )
            for row in rows
        }
    reminder = told["reservation_reminder"]
    assert reminder is not None
    assert (reminder.sender, reminder.email) == ("Brasa & Olive", "ana@example.org")
    assert reminder.subject == "See you at Brasa & Olive"
    assert reminder.text.startswith("We look forward to you: 15 May, 22:00, 2 people.")
    assert reminder.text.endswith(f"/reservation/{booked.token}")
    assert all("@" not in str(row.payload) for row in rows)

    await dining.change("cancel", booked)
    async with reading() as session:
        for row in rows:
            assert (
                await reminders.find_message(
                    session, restaurant_id=dining.info.id, kind=row.kind, payload=row.payload
                )
                is None
            )


async def test_who_left_nothing_to_reach_them_gets_no_message(dining: Dining) -> None:
    await dining.book(contact=Contact(name="Ana", phone="+4930901820"), at=later(2 * 24 * 60))

    assert await waiting_messages() == {}


async def test_what_is_known_of_a_guest_goes_after_the_days_set(dining: Dining) -> None:
    booked = await dining.book()
    await dining.change("cancel", booked)
    async with transaction() as session:
        assert await tidying.forget_past(session, now=later(90) + timedelta(days=29)) == 0
        assert await tidying.forget_past(session, now=later(90) + timedelta(days=30)) == 1
        assert await tidying.forget_past(session, now=later(90) + timedelta(days=31)) == 0

    row = await dining.stored(booked)
    assert (row.party_size, row.reservation_at) == (2, TONIGHT)
    async with reading() as session:
        shown = await queries.get_reservation(
            session, restaurant_id=dining.info.id, reservation_id=booked.reservation_id
        )
    assert shown.contact == Contact()


async def test_where_no_mail_goes_out_none_is_planned(
    dining: Dining, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "can_send", lambda: False)
    await dining.book(at=later(2 * 24 * 60))

    assert await waiting_messages() == {}


async def test_who_was_forgotten_since_hears_nothing(dining: Dining) -> None:
    booked = await dining.book(at=later(2 * 24 * 60))
    async with transaction() as session:
        row = await session.get_one(TableReservation, booked.reservation_id)
        row.forgotten_at = NOW
    async with reading() as session:
        waiting = (await session.scalars(sa.select(OutboxMessage))).all()
        told = [
            await reminders.find_message(
                session, restaurant_id=dining.info.id, kind=one.kind, payload=one.payload
            )
            for one in waiting
        ]
    assert told == [None, None]


def letters(folder: Path) -> list[bytes]:
    return [file.read_bytes() for file in folder.iterdir()]


async def test_the_confirmation_lies_in_the_guest_s_mailbox_once(
    dining: Dining, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(settings(), "mail_folder", tmp_path / "mail")
    booked = await dining.book(at=later(2 * 24 * 60))
    for minutes in (0, 1):
        at = NOW + timedelta(minutes=minutes)
        with time_machine.travel(at, tick=False):
            await deliver_outbox(at)

    (letter,) = letters(tmp_path / "mail")
    read = email.message_from_bytes(letter, policy=email.policy.default)
    assert str(read["To"]) == "ana@example.org"
    assert read.get_content().strip().endswith(f"/reservation/{booked.token}")
    assert set(await waiting_messages()) == {"reservation_confirmed", "reservation_reminder"}


async def test_a_guest_reads_of_mail_only_where_it_goes_out(
    dining: Dining, monkeypatch: pytest.MonkeyPatch
) -> None:
    booked = await dining.book(at=later(2 * 24 * 60))

    async def told() -> str:
        async with reading() as session:
            page = await find_booked_page(
                session, restaurant=dining.info, token=booked.token, language="en", now=NOW
            )
        assert page is not None
        return page.detail

    assert (await told()).startswith("We have written to your e-mail address. If you are late")
    monkeypatch.setattr(mail, "can_send", lambda: False)
    assert (await told()).startswith("If you are late")
