"""A restore that was killed in the middle is ended by the next start, or by the next restore."""

import stat
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.accounts import UserSession
from models.customers import Customer
from models.enums import ConsentLevel
from models.identity import Consent
from models.privacy import ContactChoice
from models.restaurants import Restaurant
from services.backups import archive
from services.backups.errors import NotEmptyError
from services.base.database import reading, transaction
from services.privacy import taken_back, unfinished
from services.privacy.purposes import Channel, get_standing
from services.privacy.taken_back import TakenBack
from smartmenu import safekeeping
from tests import builders
from tests.builders.moments import NOW

MADE_AT = NOW - timedelta(days=1)
BEFORE, SINCE, LATER = NOW - timedelta(days=9), NOW - timedelta(hours=2), NOW + timedelta(hours=1)
REMEMBER, ESSENTIAL = ConsentLevel.REMEMBER, ConsentLevel.ESSENTIAL


async def _choose(owner: UUID, guest: UUID, level: ConsentLevel, at: object) -> None:
    async with transaction() as session:
        (await session.get_one(Customer, guest)).consent_level = level
        session.add(
            Consent(
                restaurant_id=owner, customer_id=guest, level=level, allows_fingerprint=False,
                text_version="2026-11", language="en", source="privacy", given_at=at, created_at=at,
            )
        )  # fmt: skip


async def _tick(owner: UUID, guest: UUID, at: object, *, is_allowed: bool) -> None:
    async with transaction() as session:
        session.add(
            ContactChoice(
                restaurant_id=owner, customer_id=guest, channel=Channel.EMAIL,
                is_allowed=is_allowed, text_version="2026-11", source="privacy",
                given_at=at, created_at=at,
            )
        )  # fmt: skip


async def _guests(count: int) -> tuple[Restaurant, list[UUID]]:
    async with transaction() as session:
        owner = await builders.make_restaurant(session)
        ids = [(await builders.make_customer(session, restaurant=owner)).id for _ in range(count)]
    for one in ids:
        await _choose(owner.id, one, REMEMBER, BEFORE)
        await _tick(owner.id, one, BEFORE, is_allowed=True)
    return owner, ids


async def _as_in_the_backup(ids: list[UUID]) -> None:
    """What was chosen since is not in it."""
    async with transaction() as session:
        for table in (Consent, ContactChoice):
            await session.execute(sa.delete(table).where(col(table.given_at) >= MADE_AT))
        await session.execute(
            sa.update(Customer).where(col(Customer.id).in_(ids)).values(consent_level=REMEMBER)
        )


async def _levels(owner: UUID, ids: list[UUID]) -> list[tuple[str, bool]]:
    async with reading() as session:
        told = [await get_standing(session, restaurant_id=owner, customer_id=one) for one in ids]
    return [(one.level, Channel.EMAIL in one.channels) for one in told]


@pytest.mark.usefixtures("database")
async def test_the_next_start_takes_back_what_guests_have_not_chosen_anew(tmp_path: Path) -> None:
    owner, ids = await _guests(3)
    gone, quiet, anew = ids
    await _choose(owner.id, gone, ESSENTIAL, SINCE)
    await _tick(owner.id, quiet, SINCE, is_allowed=False)
    await _choose(owner.id, anew, ESSENTIAL, SINCE)
    await _tick(owner.id, anew, SINCE, is_allowed=False)
    unfinished.keep(await taken_back.collect(since=MADE_AT, now=NOW), data_folder=tmp_path)
    await _as_in_the_backup(ids)
    # They were here between the restore that was killed and the next start.
    await _choose(owner.id, anew, REMEMBER, LATER)
    await _tick(owner.id, anew, LATER, is_allowed=True)

    assert stat.S_IMODE((tmp_path / unfinished.FILE).stat().st_mode) == 0o600
    assert await unfinished.finish(tmp_path) == 2
    assert await _levels(owner.id, ids) == [(ESSENTIAL, True), (REMEMBER, False), (REMEMBER, True)]
    assert not (tmp_path / unfinished.FILE).exists()
    assert await unfinished.finish(tmp_path) == 0


@pytest.mark.usefixtures("database")
async def test_the_next_restore_knows_what_the_killed_one_knew(tmp_path: Path) -> None:
    """Also when it puts an older backup back, whose newest choices are older ones."""
    owner, ids = await _guests(2)
    await _choose(owner.id, ids[0], ESSENTIAL, SINCE)
    unfinished.keep(await taken_back.collect(since=MADE_AT, now=NOW), data_folder=tmp_path)
    await _as_in_the_backup(ids)
    await _choose(owner.id, ids[1], ESSENTIAL, LATER)

    taken = await taken_back.collect(
        since=BEFORE, now=LATER + timedelta(hours=1), before=unfinished.read(tmp_path)
    )
    unfinished.keep(taken, data_folder=tmp_path)
    async with transaction() as session:
        await session.execute(sa.delete(Consent))
        await session.execute(sa.update(Customer).values(consent_level=REMEMBER))
    assert await unfinished.finish(tmp_path) == 2
    assert [level for level, _ in await _levels(owner.id, ids)] == [ESSENTIAL, ESSENTIAL]


@pytest.mark.usefixtures("database")
async def test_log_ins_of_the_backup_end_and_those_since_the_kill_stay(tmp_path: Path) -> None:
    async with transaction() as session:
        owner = await builders.make_restaurant(session)
        user_id = (await builders.make_user(session, restaurant=owner)).user.id

    async def log_in(name: str, at: object) -> None:
        async with transaction() as session:
            session.add(
                UserSession(
                    restaurant_id=owner.id, user_id=user_id, token_hash=name,
                    last_seen_at=NOW, expires_at=LATER, created_at=at,
                )
            )  # fmt: skip

    await log_in("holds", BEFORE)
    unfinished.keep(await taken_back.collect(since=MADE_AT, now=NOW), data_folder=tmp_path)
    await log_in("the backup's, ended since", BEFORE)
    await log_in("after the kill", LATER)
    again = await taken_back.collect(
        since=MADE_AT, now=LATER + timedelta(hours=1), before=unfinished.read(tmp_path)
    )
    assert again.log_ins == {"holds", "after the kill"}
    await unfinished.finish(tmp_path)
    async with reading() as session:
        left = set(await session.scalars(sa.select(col(UserSession.token_hash))))
    assert left == {"holds", "after the kill"}


@pytest.mark.usefixtures("empty_database")
async def test_a_database_that_cannot_be_read_leaves_what_was_known(tmp_path: Path) -> None:
    before = TakenBack(as_of=NOW, log_ins=frozenset({"holds"}))
    unfinished.keep(before, data_folder=tmp_path)
    assert unfinished.read(tmp_path) == before
    assert await taken_back.collect(since=MADE_AT, now=LATER, before=before) == before


@pytest.mark.parametrize("said", [b"", b"{", b"[]", b"null", b'{"as_of": "yesterday"}', b"\xff"])
@pytest.mark.usefixtures("sqlite_database")
async def test_a_file_that_nobody_can_read_stops_no_start(tmp_path: Path, said: bytes) -> None:
    (tmp_path / unfinished.FILE).write_bytes(said)
    assert unfinished.read(tmp_path) is None
    assert await unfinished.finish(tmp_path) == 0
    assert not (tmp_path / unfinished.FILE).exists()


@pytest.mark.usefixtures("sqlite_database")
async def test_a_restore_writes_down_what_was_taken_back_before_it_replaces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, ids = await _guests(1)
    await _choose(owner.id, ids[0], ESSENTIAL, SINCE)
    await _restore_that_ends_with(ProcessLookupError(), tmp_path, monkeypatch)
    kept = unfinished.read(tmp_path)
    assert kept is not None
    assert [(one.customer_id, one.level) for one in kept.consents] == [(ids[0], ESSENTIAL)]


@pytest.mark.usefixtures("sqlite_database")
@pytest.mark.parametrize("before", [None, TakenBack(as_of=BEFORE, log_ins=frozenset({"holds"}))])
async def test_a_restore_that_is_refused_leaves_nothing_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: TakenBack | None
) -> None:
    """Log-ins that hold now may have ended when the next one begins, and would be back."""
    if before is not None:
        unfinished.keep(before, data_folder=tmp_path)
    await _restore_that_ends_with(NotEmptyError("There are restaurants."), tmp_path, monkeypatch)
    assert unfinished.read(tmp_path) == before
    assert (tmp_path / unfinished.FILE).exists() is (before is not None)


async def _restore_that_ends_with(
    error: Exception, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = safekeeping.place()
    monkeypatch.setattr(
        safekeeping, "settings", lambda: SimpleNamespace(is_sqlite=True, data_folder=folder)
    )
    monkeypatch.setattr(safekeeping, "place", lambda: place)
    manifest = SimpleNamespace(revision="known", made_at=MADE_AT, has_secret=True)
    monkeypatch.setattr(archive, "read_manifest", lambda _source: manifest)
    monkeypatch.setattr(safekeeping, "_known_revisions", lambda: {"known"})

    def ends(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(archive, "put_back", ends)
    with pytest.raises(type(error)):
        await safekeeping.put_back(folder / "a.tar.gz", replaces=True)
