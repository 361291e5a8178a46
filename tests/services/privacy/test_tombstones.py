"""A backup from before an erasure does not bring the guest back."""

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import pytest
import sqlalchemy as sa

from models.customers import Customer
from models.privacy import Erasure, Tombstone
from models.restaurants import Restaurant
from services.backups import archive
from services.base.database import reading, transaction
from services.privacy import erasing, returning, tombstones
from services.privacy.types import AskedBy
from smartmenu import safekeeping
from tests import builders
from tests.builders.arrivals import RNG
from tests.builders.moments import NOW
from tests.services.identity.rooms import room
from tests.services.privacy.marked import MARK, every_value, seed

pytestmark = pytest.mark.usefixtures("database")


async def test_whoever_comes_back_with_a_backup_is_erased_again(tmp_path: Path) -> None:
    """The restored database: the guest is there, their tombstone is not."""
    async with transaction() as session:
        seeded = await seed(session)
        bystander = await builders.make_customer(
            session, restaurant=await session.get_one(Restaurant, seeded.restaurant.id)
        )
    owner = seeded.restaurant.id
    hashed = tombstones.subject_hash(seeded.customer_id, restaurant_id=owner)
    aside = [f"{owner} {hashed} {(NOW - timedelta(days=3)).isoformat()}"]
    tombstones.keep_aside(aside, data_folder=tmp_path)

    lines = await returning.collect(tmp_path)
    first = await returning.bury_again(lines, now=NOW)
    second = await returning.bury_again(lines, now=NOW)

    async with reading() as session:
        texts = await every_value(session)
        proofs = list(await session.scalars(sa.select(Erasure.asked_by)))
        left = list(
            await session.scalars(sa.select(Customer.id).where(Customer.erased_at.is_(None)))
        )
    assert lines == aside
    assert (first, second) == (1, 0)
    assert [name for name, text in texts.items() if MARK in text] == []
    assert proofs == ["restore"]
    assert left == [bystander.id]


async def test_the_file_beside_the_database_loses_nothing(tmp_path: Path) -> None:
    async with transaction() as session:
        seeded = await seed(session)
        await erasing.forget_customer(
            session,
            restaurant_id=seeded.restaurant.id,
            customer_id=seeded.customer_id,
            now=NOW,
            rng=RNG,
            asked_by=AskedBy.GUEST,
        )
    await returning.mirror(tmp_path, now=NOW)
    kept = tombstones.read_aside(tmp_path)
    tombstones.keep_aside(["another line"], data_folder=tmp_path)
    await returning.mirror(tmp_path, now=NOW)

    assert len(kept) == 2
    assert sorted([*kept, "another line"]) == tombstones.read_aside(tmp_path)
    assert str(seeded.customer_id) not in "".join(kept)
    assert (tmp_path / tombstones.FILE).stat().st_mode & 0o077 == 0


async def test_lines_that_are_none_and_restaurants_that_are_gone_are_passed_over() -> None:
    async with transaction() as session:
        info, _, _ = await room(session)
        hashed = "a" * 64
        put = await tombstones.put_lines(
            session,
            lines=[
                "",
                "x y z",
                f"{info.id} {hashed}",
                f"{info.id} {hashed} 2026-05-01T00:00:00",
                f"{uuid4()} {hashed} {NOW.isoformat()}",
                f"{info.id} {hashed} {NOW.isoformat()}",
                f"{info.id} {hashed} {NOW.isoformat()}",
            ],
            owners={info.id},
        )
        assert len(list(await session.scalars(sa.select(Tombstone)))) == 1
    assert put == 2


async def test_who_came_back_without_a_restore_that_ended_is_erased_by_the_next_run(
    tmp_path: Path,
) -> None:
    """A restore that was killed after the database was replaced, or a database copied by hand."""
    async with transaction() as session:
        seeded = await seed(session)
        bystander = await builders.make_customer(
            session, restaurant=await session.get_one(Restaurant, seeded.restaurant.id)
        )
    owner = seeded.restaurant.id
    hashed = tombstones.subject_hash(seeded.customer_id, restaurant_id=owner)
    gone = f"{uuid4()} {'0' * 64} {NOW.isoformat()}"
    aside = [f"{owner} {hashed} {(NOW - timedelta(days=3)).isoformat()}", gone, "no line at all"]
    tombstones.keep_aside(aside, data_folder=tmp_path)

    await returning.mirror(tmp_path, now=NOW)
    await returning.mirror(tmp_path, now=NOW)

    async with reading() as session:
        proofs = list(await session.scalars(sa.select(Erasure.asked_by)))
        left = list(
            await session.scalars(sa.select(Customer.id).where(Customer.erased_at.is_(None)))
        )
    assert proofs == ["restore"]
    assert left == [bystander.id]


async def test_a_restore_that_is_killed_has_kept_the_tombstones_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Takes `keep_aside` after `put_back` to fail: nobody would know whom to erase again."""
    async with transaction() as session:
        seeded = await seed(session)
        await erasing.forget_customer(
            session,
            restaurant_id=seeded.restaurant.id,
            customer_id=seeded.customer_id,
            now=NOW,
            rng=RNG,
            asked_by=AskedBy.GUEST,
        )
        lines = await tombstones.read_lines(session)
    place = safekeeping.place()
    data_folder = tmp_path / "data"
    monkeypatch.setattr(
        safekeeping, "settings", lambda: SimpleNamespace(is_sqlite=True, data_folder=data_folder)
    )
    monkeypatch.setattr(safekeeping, "place", lambda: place)
    manifest = SimpleNamespace(revision="known", made_at=NOW, has_secret=True)
    monkeypatch.setattr(archive, "read_manifest", lambda _source: manifest)
    monkeypatch.setattr(safekeeping, "_known_revisions", lambda: {"known"})

    def killed(*_: object, **__: object) -> None:
        raise ProcessLookupError

    monkeypatch.setattr(archive, "put_back", killed)
    with pytest.raises(ProcessLookupError):
        await safekeeping.put_back(tmp_path / "a.tar.gz", replaces=True)
    assert lines
    assert tombstones.read_aside(data_folder) == lines
