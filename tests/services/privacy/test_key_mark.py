"""A database knows its key: another one is refused, and none is made in place of a lost one."""

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from models.installation import KeyMark
from services.base import secrets
from services.base.database import reading, transaction
from services.base.settings import find_secret_key, secret_key, settings
from services.privacy import key_mark
from services.privacy.errors import KeyMissingError, OtherKeyError
from services.privacy.key_mark import Key
from smartmenu import doctor, key_check
from smartmenu.doctor import Mark
from tests.builders import NOW, make_customer, make_restaurant

pytestmark = pytest.mark.usefixtures("database")


class KeyFile:
    """The key of an installation where nobody set one."""

    def __init__(self) -> None:
        self.path = settings().data_folder / "secret.key"

    def read(self) -> str | None:
        return self.path.read_text() if self.path.exists() else None

    def put(self, text: str) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(text)

    def lose(self) -> None:
        self.path.unlink()


@pytest.fixture
def key_file(monkeypatch: pytest.MonkeyPatch) -> KeyFile:
    """It lies in the data folder."""
    monkeypatch.delenv("SMARTMENU_SECRET_KEY")
    _forget()
    return KeyFile()


def _forget() -> None:
    """As in a process that starts."""
    settings.cache_clear()
    secret_key.cache_clear()
    secrets._key.cache_clear()


async def _hold() -> None:
    _forget()
    async with transaction() as session:
        await key_mark.hold(session, now=NOW)


async def _judged() -> Key:
    async with reading() as session:
        return await key_mark.judge(session, wanted=settings())


async def _in_the_doctors_words() -> tuple[Mark, str]:
    [found] = [one for one in await doctor.examine(settings()) if one.what == "Secret key"]
    return found.mark, found.found


async def test_the_first_start_makes_a_key_and_later_ones_find_it(key_file: KeyFile) -> None:
    assert await _judged() is Key.FIRST
    assert key_file.read() is None, "looking makes none"

    await _hold()
    made = key_file.read()
    await _hold()

    assert key_file.read() == made
    assert await _judged() is Key.FITS
    async with reading() as session:
        [mark] = await session.scalars(sa.select(KeyMark))
    assert made is not None
    assert made not in mark.mark
    assert len(mark.mark) == 64


async def test_a_lost_key_is_not_made_anew(key_file: KeyFile) -> None:
    await _hold()
    key_file.lose()

    with pytest.raises(KeyMissingError):
        await _hold()
    assert key_file.read() is None
    assert await _in_the_doctors_words() == (Mark.BAD, "missing")


async def test_another_key_is_refused_until_somebody_accepts_it(key_file: KeyFile) -> None:
    await _hold()
    old = key_file.read()
    key_file.put("f" * 64)

    with pytest.raises(OtherKeyError):
        await _hold()
    assert await _in_the_doctors_words() == (Mark.BAD, "not the one of this database")

    async with transaction() as session:
        await key_mark.accept(session, now=NOW)
    await _hold()
    key_file.put(old or "")
    with pytest.raises(OtherKeyError):
        await _hold()


async def test_a_process_that_may_not_start_says_why(key_file: KeyFile) -> None:
    await _hold()
    key_file.put("f" * 64)
    _forget()

    with pytest.raises(SystemExit, match="not the one this database was written with"):
        await key_check.hold_key()


@pytest.mark.parametrize("nothing", ["", "\n"])
async def test_an_empty_key_is_refused(key_file: KeyFile, nothing: str) -> None:
    key_file.put(nothing)

    with pytest.raises(ValueError, match=r"secret\.key is empty"):
        secret_key()
    with pytest.raises(SystemExit, match="is empty"):
        await key_check.hold_key()
    assert await _in_the_doctors_words() == (Mark.BAD, "empty")


async def test_a_database_older_than_marks_is_tried_with_what_it_holds(
    key_file: KeyFile,
) -> None:
    key_file.put("a" * 64)
    async with transaction() as session:
        restaurant = await make_restaurant(session)
        shut = secrets.encrypt("+34600123456", restaurant_id=restaurant.id)
        await make_customer(session, restaurant=restaurant, phone_number_encrypted=shut)

    key_file.put("b" * 64)
    with pytest.raises(OtherKeyError):
        await _hold()
    key_file.lose()
    with pytest.raises(KeyMissingError):
        await _hold()
    key_file.put("a" * 64)
    await _hold()
    assert await _judged() is Key.FITS


def test_of_processes_that_start_together_nobody_reads_half_a_key(
    key_file: KeyFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twelve meet between making and naming the file, where half a key used to stand."""
    meeting, link = threading.Barrier(12), os.link

    def late(source: Path, target: Path) -> None:
        meeting.wait(10)
        link(source, target)

    monkeypatch.setattr(os, "link", late)
    uncached: Callable[[], bytes] = secret_key.__wrapped__
    with ThreadPoolExecutor(12) as threads:
        keys = [one.result() for one in [threads.submit(uncached) for _ in range(12)]]

    assert len(set(keys)) == 1
    assert keys[0] == find_secret_key(settings())
    assert len(keys[0]) == 64
    assert [one.name for one in key_file.path.parent.iterdir()] == ["secret.key"]
    assert key_file.path.stat().st_mode & 0o777 == 0o600
