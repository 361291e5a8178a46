"""Keys of personal data are turned while guests order: nothing is lost, nothing is done twice."""

import stat
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel, col
from typer.testing import CliRunner

from models.customers import Customer
from models.restaurants import Restaurant
from services.base import keyring, secrets
from services.base.database import reading, transaction
from services.base.secrets import decrypt, encrypt
from services.identity.details import name_hash, read_details
from services.privacy import rekeying
from services.privacy.rekeying import Rekeyed, encrypted_columns, rekey
from tests import builders

NAMES = ("Ana Ruiz", "Ben", "زينب", "<b>x</b>", "O'Neill")


async def _guests() -> list[Restaurant]:
    """Two restaurants with five guests each; only some have given a number."""
    async with transaction() as session:
        made = [await builders.make_restaurant(session) for _ in range(2)]
        for restaurant in made:
            mine = {"restaurant_id": restaurant.id}
            for number, name in enumerate(NAMES):
                await builders.make_customer(
                    session,
                    restaurant=restaurant,
                    name_encrypted=encrypt(name, **mine),
                    name_hash=name_hash(name, **mine),
                    phone_number_encrypted=encrypt("+4930901820", **mine) if number % 2 else None,
                )
    return made


async def _all(**more: object) -> Rekeyed:
    total = Rekeyed()
    async for done in rekey(**more):  # type: ignore[arg-type]
        total += done
    return total


async def _stored() -> list[tuple[str, str]]:
    async with reading() as session:
        rows = await session.scalars(sa.select(Customer).order_by(col(Customer.id)))
        return [(one.name_encrypted or "", one.name_hash or "") for one in rows]


async def _names() -> list[str]:
    async with reading() as session:
        rows = await session.scalars(sa.select(Customer).order_by(col(Customer.id)))
        return [read_details(one).name for one in rows]


@pytest.mark.usefixtures("database")
async def test_everything_is_encrypted_anew_and_reads_as_before() -> None:
    await _guests()
    old = await _stored()
    assert keyring.add() == 2
    # Before, between and after: what was written with any key can be read.
    assert await _names() == [*NAMES, *NAMES]
    assert await _all(writes=False) == Rekeyed(changed=14)
    assert await _stored() == old
    assert await _all(at_once=2) == Rekeyed(changed=14)
    new = await _stored()
    assert await _names() == [*NAMES, *NAMES]
    # Every text is another, and every hash the same: searches go on finding.
    assert not {text for text, _ in old} & {text for text, _ in new}
    assert [hashed for _, hashed in old] == [hashed for _, hashed in new]
    assert await _all() == Rekeyed(current=14)
    assert await _stored() == new


@pytest.mark.usefixtures("database")
async def test_a_run_that_was_killed_is_begun_again_and_does_the_rest() -> None:
    await _guests()
    keyring.add()
    run = rekey(at_once=2)
    done = [await anext(run) for _ in range(3)]
    await run.aclose()
    changed = sum(one.changed for one in done)
    assert 0 < changed < 14
    assert await _names() == [*NAMES, *NAMES]
    assert await _all() == Rekeyed(changed=14 - changed, current=changed)


@pytest.mark.usefixtures("sqlite_database")
async def test_a_text_that_is_changed_after_it_was_read_keeps_the_change() -> None:
    restaurant, _ = await _guests()
    keyring.add()
    batch = rekeying._Batch(restaurant.id, rekeying.TABLES[0], at_once=9, writes=True)
    async with transaction() as session:
        first = await session.scalar(sa.select(Customer).order_by(col(Customer.id)).limit(1))
        assert first is not None
        read_before = (first.id, first.name_encrypted)
        first.name_encrypted = encrypt("Anna", restaurant_id=restaurant.id)
        await session.flush()
        await batch._column(session, "name_encrypted", [read_before])
    assert (await _names())[0] == "Anna"


@pytest.mark.usefixtures("sqlite_database")
async def test_what_no_key_opens_is_counted_and_left() -> None:
    await _guests()
    async with transaction() as session:
        row = await session.scalar(sa.select(Customer).limit(1))
        assert row is not None
        row.name_encrypted = broken = encrypt("x", restaurant_id=uuid4())
    keyring.add()
    assert await _all() == Rekeyed(changed=13, unreadable=1)
    assert broken in {text for text, _ in await _stored()}


@pytest.mark.usefixtures("sqlite_database")
async def test_the_leaked_key_opens_nothing_after_it_was_turned() -> None:
    restaurant = (await _guests())[0]
    keyring.add()
    await _all()
    texts = [text for text, _ in await _stored()]
    keyring.file().unlink()
    assert [decrypt(text, restaurant_id=restaurant.id) for text in texts[:5]] == [""] * 5


@pytest.mark.usefixtures("sqlite_database")
def test_the_file_is_for_its_owner_and_a_running_process_sees_it_change() -> None:
    owner = uuid4()
    before = encrypt("Ana", restaurant_id=owner)
    keyring.add()
    assert stat.S_IMODE(keyring.file().stat().st_mode) == 0o600
    between = encrypt("Ben", restaurant_id=owner)
    keyring.add()
    after = encrypt("Cem", restaurant_id=owner)
    assert [decrypt(one, restaurant_id=owner) for one in (before, between, after)] == [
        "Ana",
        "Ben",
        "Cem",
    ]
    assert (
        len(keyring.encryption_keys()),
        keyring.drop_all_but_first(),
        len(keyring.encryption_keys()),
    ) == (3, 1, 2)
    assert [decrypt(one, restaurant_id=owner) for one in (before, between, after)] == [
        "Ana",
        "",
        "Cem",
    ]


@pytest.mark.usefixtures("sqlite_database")
def test_keys_of_the_settings_count_and_no_command_changes_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    owner = uuid4()
    by_secret = encrypt("Ana", restaurant_id=owner)
    first, second = keyring.new_key(), keyring.new_key()
    monkeypatch.setenv("SMARTMENU_ENCRYPTION_KEYS", f"{first}, {second}")
    keyring.settings.cache_clear()
    text = encrypt("Ana", restaurant_id=owner)
    monkeypatch.setenv("SMARTMENU_ENCRYPTION_KEYS", f"{second},{first}")
    keyring.settings.cache_clear()
    assert {decrypt(one, restaurant_id=owner) for one in (text, by_secret)} == {"Ana"}
    assert secrets.encrypt_anew(text, restaurant_id=owner) is not None
    with pytest.raises(PermissionError):
        keyring.add()
    monkeypatch.setenv("SMARTMENU_ENCRYPTION_KEYS", "short")
    keyring.settings.cache_clear()
    with pytest.raises(ValueError, match="too short"):
        encrypt("Ana", restaurant_id=owner)


@pytest.mark.usefixtures("sqlite_database")
def test_the_commands_say_what_they_did() -> None:
    from smartmenu.command import app

    def said(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, ["keys", *words])
        return done.exit_code, done.output

    assert said("add")[0] == 0
    assert said("rotate") == (0, "\nUnder the first key: 0 texts.\n")
    assert said("drop")[1].startswith("0 keys are forgotten.")


def test_every_encrypted_column_there_is_is_gone_through() -> None:
    all_of_them = {
        name: encrypted_columns(table)
        for name, table in SQLModel.metadata.tables.items()
        if encrypted_columns(table)
    }
    assert {table.name: encrypted_columns(table) for table in rekeying.TABLES} == all_of_them
    assert sum(len(columns) for columns in all_of_them.values()) == 15
