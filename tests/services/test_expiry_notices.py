"""Points that expire are announced once, by a way the guest has agreed to, or not at all."""

import asyncio
import email
import email.policy
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
import time_machine
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.journal import OutboxMessage
from models.loyalty import LoyaltyMember, LoyaltyPoint, LoyaltyProgramme
from models.privacy import ContactChoice
from models.restaurants import Restaurant
from models.whatsapp import WhatsAppMessage
from services.base.database import reading, transaction
from services.base.secrets import PLATFORM, decrypt, encrypt
from services.base.settings import settings
from services.expiry_notices import delivering, planning
from services.jobs.loyalty import warn_of_expiry
from services.loyalty import members
from services.loyalty.programme_rules import Rules
from services.outbox.delivery import deliver_due
from services.restaurants import queries as restaurants
from services.whatsapp import senders, templates
from tests.builders import NOW, make_customer, make_restaurant, make_visit
from tests.builders.loyalty import make_lot, make_programme

pytestmark = pytest.mark.usefixtures("database")
DAY = timedelta(days=1)
# The next ten o'clock in Berlin: it is half past eight in the evening.
MORNING = datetime(2026, 5, 14, 8, tzinfo=UTC)
PHONE = "+4930901842"


@pytest.fixture(autouse=True)
def post(database: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that mail goes to, once the database has made its settings."""
    assert database is not None
    monkeypatch.setattr(settings(), "mail_folder", tmp_path / "mail")
    return tmp_path / "mail"


async def _house(*, state: str = "published", **rules: Any) -> Restaurant:
    async with transaction() as session:
        house = await make_restaurant(session)
        given = {"warning_days": 30} | rules
        await make_programme(session, restaurant_id=house.id, state=state, **given)
        return house


async def _guest(
    house: Restaurant, *, channels: tuple[str, ...] = ("email",), **columns: Any
) -> Customer:
    """Somebody with 80 points that expire in ten days and 500 that do not."""
    given = {
        "consent_level": "personalise",
        "email_encrypted": encrypt("ana@example.org", restaurant_id=house.id),
        "phone_number_encrypted": encrypt(PHONE, restaurant_id=house.id),
        "phone_shared_with_restaurant": True,
    }
    async with transaction() as session:
        guest = await make_customer(session, restaurant=house, **given | columns)
        await make_visit(session, restaurant=house, customer=guest, language="en")
        for channel in channels:
            session.add(
                ContactChoice(
                    restaurant_id=house.id,
                    customer_id=guest.id,
                    channel=channel,
                    is_allowed=True,
                    text_version="2026-11",
                    source="privacy",
                    given_at=NOW,
                )
            )
        await make_lot(session, customer=guest, points=80, expires_at=NOW + 10 * DAY)
        await make_lot(session, customer=guest, points=500)
        await members.recount(
            session, restaurant_id=house.id, customer_id=guest.id, rules=Rules(), now=NOW
        )
        return guest


async def _lot(guest: Customer, points: int, **columns: Any) -> UUID:
    async with transaction() as session:
        return (await make_lot(session, customer=guest, points=points, **columns)).id


async def _planned() -> list[OutboxMessage]:
    async with reading() as session:
        rows = await session.scalars(
            sa.select(OutboxMessage)
            .where(col(OutboxMessage.kind) == planning.KIND)
            .order_by(col(OutboxMessage.created_at))
        )
        return list(rows)


async def _warned_until(guest: Customer) -> datetime | None:
    async with reading() as session:
        return (await session.get_one(LoyaltyMember, guest.id)).warned_until_at


async def _deliver(at: datetime = MORNING) -> None:
    with time_machine.travel(at, tick=False):
        await deliver_due(at, handlers={planning.KIND: delivering.deliver})


def _letters(post: Path) -> list[tuple[str, str, str]]:
    read = [
        email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        for file in sorted(post.glob("*.eml"))
    ]
    return [(str(one["To"]), str(one["Subject"]), one.get_content()) for one in read]


async def test_a_guest_who_agreed_is_told_once_in_the_morning(post: Path) -> None:
    house = await _house()
    guest = await _guest(house)
    for hours in (0, 1, 24, 48):
        await warn_of_expiry(NOW + timedelta(hours=hours))
    [row] = await _planned()
    assert row.next_attempt_at == MORNING
    # Ids and moments only: no address, no name, no points.
    assert set(row.payload) == {"customer_id", "since", "until"}
    assert await _warned_until(guest) == NOW + 37 * DAY
    for _ in range(2):
        await _deliver()
    [(to, subject, text)] = _letters(post)
    assert to == "ana@example.org"
    assert subject == f"80 points at {house.name} expire soon"
    assert "the first on 23 May 2026" in text
    assert f"/menu/{house.slug}/rewards" in text
    # How to hear nothing more stands in every letter.
    assert f"/menu/{house.slug}/privacy" in text


@pytest.mark.parametrize(
    ("channels", "missing"),
    [
        ((), {}),
        (("sms",), {}),
        (("email",), {"consent_level": "remember"}),
        (("email",), {"consent_level": "essential"}),
        (("email",), {"email_encrypted": None}),
        (("email",), {"erased_at": NOW}),
        # Nothing is set up to write from.
        (("whatsapp",), {}),
    ],
)
async def test_without_a_lawful_way_nothing_is_sent(
    channels: tuple[str, ...], missing: dict[str, Any], post: Path
) -> None:
    guest = await _guest(await _house(), channels=channels, **missing)
    await warn_of_expiry(NOW)
    assert await _planned() == []
    assert await _warned_until(guest) is None
    await _deliver()
    assert _letters(post) == []


async def test_who_collects_every_day_is_not_written_to_every_day(post: Path) -> None:
    guest = await _guest(await _house())
    # The last lot within the week that is said with it, and the first after it.
    for days in (31, 37, 38, 44):
        await _lot(guest, 1, expires_at=NOW + days * DAY)
    told: list[int] = []
    for days in range(16):
        await warn_of_expiry(NOW + days * DAY)
        told.append(len(await _planned()))
    # On the day 38 days before and 30 days after: each lot once, thirty days ahead at least.
    assert told == [1] * 8 + [2] * 8
    first, second = await _planned()
    assert first.payload["until"] == second.payload["since"] == (NOW + 37 * DAY).isoformat()
    assert second.payload["until"] == (NOW + 45 * DAY).isoformat()
    await _deliver(NOW + 9 * DAY)
    assert sorted(subject[:9] for _, subject, _ in _letters(post)) == ["2 points ", "82 points"]


async def test_a_run_that_was_broken_off_goes_on(
    post: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = await _house()
    guests = [await _guest(house) for _ in range(3)]
    monkeypatch.setattr(planning, "AT_ONCE", 1)
    whole = planning.plan_notices
    seen: list[UUID] = []

    async def breaking(session: Any, **given: Any) -> int:
        seen.extend(given["customer_ids"])
        if len(seen) == 2:
            raise ConnectionError
        return await whole(session, **given)

    monkeypatch.setattr(planning, "plan_notices", breaking)
    with pytest.raises(ConnectionError):
        await warn_of_expiry(NOW)
    assert len(await _planned()) == 1
    await warn_of_expiry(NOW + timedelta(hours=1))
    # The first one was not asked again.
    assert sorted(seen) == sorted([guest.id for guest in guests] + [seen[1]])
    await _deliver()
    assert len(_letters(post)) == 3


async def test_two_runs_at_once_tell_a_guest_once() -> None:
    guest = await _guest(await _house())
    async with reading() as session:
        info = await restaurants.get(session, guest.restaurant_id)

    async def plan() -> int:
        async with transaction() as session:
            return await planning.plan_notices(
                session, restaurant=info, customer_ids=[guest.id], now=NOW
            )

    assert sorted(await asyncio.gather(plan(), plan(), plan())) == [0, 0, 1]
    assert len(await _planned()) == 1


async def test_what_was_spent_or_taken_back_since_is_not_told(post: Path) -> None:
    house = await _house()
    spends, leaves, part = [await _guest(house) for _ in range(3)]
    await warn_of_expiry(NOW)
    assert len(await _planned()) == 3
    async with transaction() as session:
        for guest, taken in ((spends, 80), (part, 50)):
            await _take(session, guest, taken)
        session.add(
            ContactChoice(
                restaurant_id=house.id,
                customer_id=leaves.id,
                channel="email",
                is_allowed=False,
                text_version="2026-11",
                source="privacy",
                given_at=NOW + timedelta(hours=1),
            )
        )
    await _deliver()
    assert [subject[:9] for _, subject, _ in _letters(post)] == ["30 points"]


async def _take(session: AsyncSession, guest: Customer, points: int) -> None:
    lot = await session.scalar(
        sa.select(LoyaltyPoint).where(
            col(LoyaltyPoint.customer_id) == guest.id,
            col(LoyaltyPoint.points) == 80,
            col(LoyaltyPoint.lot_id).is_(None),
        )
    )
    assert lot is not None
    await make_lot(
        session,
        customer=guest,
        points=-points,
        lot_id=lot.id,
        transaction_type="redeemed",
        reason="reward",
    )


async def test_points_that_are_spent_already_are_not_announced_but_may_come_back() -> None:
    guest = await _guest(await _house())
    async with transaction() as session:
        await _take(session, guest, 80)
    await warn_of_expiry(NOW)
    assert (await _planned(), await _warned_until(guest)) == ([], None)
    async with transaction() as session:
        await _take(session, guest, -80)
    await warn_of_expiry(NOW + DAY)
    assert len(await _planned()) == 1


@pytest.mark.parametrize("state", ["paused", "draft", "retired"])
async def test_nothing_is_announced_that_does_not_expire(state: str) -> None:
    await _guest(await _house(state=state))
    await warn_of_expiry(NOW)
    assert await _planned() == []


async def test_a_programme_that_is_paused_before_the_morning_says_nothing(post: Path) -> None:
    house = await _house()
    await _guest(house)
    await warn_of_expiry(NOW)
    async with transaction() as session:
        row = (await session.scalars(sa.select(LoyaltyProgramme))).one()
        row.state, row.paused_at = "paused", NOW
    await _deliver()
    assert _letters(post) == []


async def test_two_restaurants_tell_their_own_guests_of_their_own_points(post: Path) -> None:
    house, other = await _house(), await _house()
    ana = await _guest(house)
    await _guest(other, email_encrypted=encrypt("ben@example.org", restaurant_id=other.id))
    async with transaction() as session:
        await session.delete(await session.get_one(LoyaltyMember, ana.id))
    await warn_of_expiry(NOW)
    await _deliver()
    assert [to for to, _, _ in _letters(post)] == ["ben@example.org"]


@pytest.mark.parametrize(
    ("hours_since", "kinds", "expected"),
    [
        # Within a day of the guest's last message free words go out, later only a template.
        (2, (), ["80 points of yours at {name} expire soon"]),
        (30, ("UTILITY",), ["{name}: 80 until 23 May 2026"]),
        (30, ("MARKETING",), []),
        (30, (), []),
    ],
)
async def test_over_whatsapp_only_what_may_be_sent_goes_out(
    hours_since: int,
    kinds: tuple[str, ...],
    expected: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(settings(), "whatsapp_access_token", "secret-token")
    monkeypatch.setattr(settings(), "whatsapp_phone_number_id", "106")
    house = await _house()
    await _guest(house, channels=("whatsapp",))
    said_at = MORNING - timedelta(hours=hours_since)
    async with transaction() as session:
        await senders.meet(session, user_id="DE.ana", phone=PHONE[1:], said_at=said_at, now=said_at)
        for kind in kinds:
            await templates.enter(
                session,
                name=delivering.TEMPLATE,
                language="en",
                category=kind,
                status="APPROVED",
                body="{{1}}: {{2}} until {{3}}",
                now=NOW,
            )
    await warn_of_expiry(NOW)
    for _ in range(2):
        await _deliver()
    async with reading() as session:
        rows = (await session.scalars(sa.select(WhatsAppMessage))).all()
    texts = [decrypt(row.text_encrypted, restaurant_id=PLATFORM) for row in rows]
    assert len(texts) == len(expected)
    for text, start in zip(texts, expected, strict=True):
        assert text.startswith(start.format(name=house.name))
    if rows and kinds:
        chosen = json.loads(decrypt(rows[0].template_encrypted, restaurant_id=PLATFORM))
        assert chosen["values"] == [house.name, "80", "23 May 2026"]


@pytest.mark.parametrize("is_known", [True, False])
async def test_who_said_stop_or_never_wrote_hears_nothing_over_whatsapp(
    is_known: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings(), "whatsapp_access_token", "secret-token")
    monkeypatch.setattr(settings(), "whatsapp_phone_number_id", "106")
    await _guest(await _house(), channels=("whatsapp",))
    async with transaction() as session:
        sender = await senders.meet(
            session,
            user_id="DE.ana",
            phone=PHONE[1:] if is_known else "49111222",
            said_at=MORNING,
            now=MORNING,
        )
        await senders.opt(session, sender_id=sender.id, out=is_known, now=NOW)
    await warn_of_expiry(NOW)
    await _deliver()
    async with reading() as session:
        assert (await session.scalars(sa.select(WhatsAppMessage))).all() == []
