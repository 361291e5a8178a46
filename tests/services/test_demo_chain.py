"""Many guests become a chain of restaurants; the load sets indexes aside and puts them back."""

import gzip
import json
from collections import Counter

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel, col

from models.accounts import User
from models.customers import Customer
from models.restaurants import Restaurant
from models.visits import Visit
from services.base import database as base
from services.base.database import reading, transaction
from services.base.migrations import migrate
from services.base.settings import settings
from services.simulation import demo
from services.simulation.branches import branches
from services.simulation.demo import DemoExists, has_demo
from services.simulation.material import read_material
from services.simulation.writer import Batch, BulkWriter
from tests.builders import make_restaurant
from tests.databases import DatabaseUnderTest
from tests.services.demo_loads import fingerprint, load


async def _index_names() -> set[str]:
    async with base.engine().connect() as connection:
        found = await connection.run_sync(lambda c: sa.inspect(c).get_multi_indexes())
    return {str(index["name"]) for indexes in found.values() for index in indexes}


def _expected_index_names() -> set[str]:
    return {str(index.name) for table in SQLModel.metadata.sorted_tables for index in table.indexes}


async def _keys() -> set[str]:
    """What every key of PostgreSQL demands, and whether all rows were checked; some stand twice."""
    if base.database().is_sqlite:
        return set()
    async with reading() as session:
        return set(
            await session.scalars(
                sa.text(
                    "SELECT concat_ws(' ', conrelid::regclass, convalidated,"
                    " pg_get_constraintdef(oid)) FROM pg_constraint"
                )
            )
        )


def test_a_hundred_thousand_guests_need_33_restaurants() -> None:
    made = branches(read_material(), customers=100_000, seed=1, months=12)
    assert len(made) == 33
    assert sum(branch.customers for branch in made) == 100_000
    assert {branch.room_copies for branch in made} == {1}
    assert [branch.slug for branch in made[:2]] == ["brasa-olive", "brasa-olive-2"]
    assert len({branch.seed for branch in made}) == 33


def test_one_restaurant_gets_the_rooms_its_guests_need() -> None:
    (only,) = branches(read_material(), customers=100_000, seed=1, months=12, count=1)
    assert only.room_copies == 33


async def test_a_chain_shares_the_guests_and_the_weather(database: DatabaseUnderTest) -> None:
    loaded = await load(restaurants=3)
    assert (loaded.restaurant_count, loaded.customer_count) == (3, 50)
    async with reading() as session:
        slugs = dict(
            (await session.execute(sa.select(col(Restaurant.slug), col(Restaurant.id)))).all()
        )
        counts = Counter(await session.scalars(sa.select(col(Customer.restaurant_id))))
        visits = set(await session.scalars(sa.select(col(Visit.restaurant_id)).distinct()))
        emails = (await session.scalars(sa.select(col(User.email)))).all()
    assert {slug: counts[key] for slug, key in slugs.items()} == {
        "brasa-olive": 17,
        "brasa-olive-2": 17,
        "brasa-olive-3": 16,
    }
    assert visits == set(slugs.values())
    assert len(set(emails)) == 18
    held = json.loads((settings().data_folder / "demo.json").read_text(encoding="utf-8"))
    assert [one["restaurant"]["slug"] for one in held["branches"]] == [
        "brasa-olive-2", "brasa-olive-3"
    ]  # fmt: skip
    truths = []
    for name in ("demo-truth.json.gz", "demo-truth-2.json.gz", "demo-truth-3.json.gz"):
        with gzip.open(settings().data_folder / name) as file:
            truths.append(json.load(file))
    assert truths[0]["days"] == truths[1]["days"] == truths[2]["days"]
    assert [truth["seed"] for truth in truths] == ["7", "7:2", "7:3"]
    assert truths[1]["restaurant_id"] == str(slugs["brasa-olive-2"])


async def test_a_chain_is_replaced_whole(sqlite_database: DatabaseUnderTest) -> None:
    await load(restaurants=3, months=1)
    with pytest.raises(DemoExists):
        await load(months=1)
    await load(replace=True)
    replaced = await fingerprint()
    async with reading() as session:
        assert (await session.scalars(sa.select(col(Restaurant.slug)))).all() == ["brasa-olive"]
        assert await session.scalar(sa.select(sa.func.count()).select_from(Customer)) == 50
        assert (await session.execute(sa.text("PRAGMA foreign_key_check"))).all() == []
    await load(replace=True)
    assert await fingerprint() == replaced


async def test_a_real_restaurant_with_a_branchs_address_is_left_alone(
    sqlite_database: DatabaseUnderTest,
) -> None:
    async with transaction() as session:
        await make_restaurant(session, slug="brasa-olive-3")
    before = await fingerprint()
    with pytest.raises(DemoExists):
        await load(restaurants=3)
    assert await fingerprint() == before


async def test_indexes_and_keys_are_back_after_a_load(database: DatabaseUnderTest) -> None:
    before = await _keys()
    await load(customers=5, months=1)
    assert await _index_names() >= _expected_index_names()
    assert await _keys() == before


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_a_load_whose_rows_point_at_nothing_is_refused(
    database: DatabaseUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = BulkWriter.write

    async def forget_orders(self: BulkWriter, batch: Batch) -> None:
        batch.orders.clear()
        await write(self, batch)

    monkeypatch.setattr(BulkWriter, "write", forget_orders)
    with pytest.raises(RuntimeError, match="fk_order_lines_order_id"):
        await load()
    assert not await has_demo()


async def test_a_load_broken_off_without_indexes_is_mended_by_migrating(
    database: DatabaseUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        msg = "power cut"
        raise OSError(msg)

    keys = await _keys()

    monkeypatch.setattr(demo, "_load_branch", fail)
    with pytest.raises(OSError, match="power cut"):
        await load()
    assert not await has_demo()
    missing = _expected_index_names() - await _index_names()
    assert "ix_customer_events_visit_id" in missing
    assert database.is_sqlite or await _keys() < keys
    await migrate()
    assert await _index_names() >= _expected_index_names()
    assert await _keys() == keys


async def test_what_the_writing_process_refuses_reaches_the_caller(
    database: DatabaseUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = BulkWriter.run

    async def run(self: BulkWriter, statements: list[str]) -> None:
        await write(self, ["SELECT * FROM nothing_of_that_name", *statements])

    monkeypatch.setattr(BulkWriter, "run", run)
    with pytest.raises(RuntimeError, match="nothing_of_that_name"):
        await load()
