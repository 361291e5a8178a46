"""Loading the demo: once, again, beside real restaurants, and what it says about itself."""

import gzip
import json
import stat

import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.accounts import User
from models.customers import Customer
from models.restaurants import Restaurant
from services.base.database import reading, transaction
from services.base.settings import settings
from services.simulation.demo import DemoExists, has_demo
from tests.builders import make_restaurant
from tests.databases import DatabaseUnderTest
from tests.services.demo_loads import fingerprint, load


async def test_a_second_demo_is_refused_and_changes_nothing(
    sqlite_database: DatabaseUnderTest,
) -> None:
    assert not await has_demo()
    await load()
    assert await has_demo()
    before = await fingerprint()
    with pytest.raises(DemoExists):
        await load(seed=9)
    assert await fingerprint() == before


async def test_a_real_restaurant_with_the_demos_address_is_never_replaced(
    sqlite_database: DatabaseUnderTest,
) -> None:
    async with transaction() as session:
        await make_restaurant(session, slug="brasa-olive")
    before = await fingerprint()
    with pytest.raises(DemoExists):
        await load(replace=True)
    assert await fingerprint() == before


async def test_a_broken_off_load_is_replaced_without_asking(
    sqlite_database: DatabaseUnderTest,
) -> None:
    await load(seed=3)
    async with transaction() as session:
        await session.execute(sa.text("DELETE FROM audit_log WHERE action = 'demo_loaded'"))
    assert not await has_demo()
    await load()
    assert await has_demo()


async def test_replacing_leaves_other_restaurants_alone(database: DatabaseUnderTest) -> None:
    async with transaction() as session:
        other = await make_restaurant(session)
    await load()
    await load(replace=True, seed=3)
    async with reading() as session:
        slugs = (await session.scalars(sa.select(col(Restaurant.slug)))).all()
        assert sorted(slugs) == sorted(["brasa-olive", other.slug])
        assert await session.scalar(sa.select(sa.func.count()).select_from(User)) == 6
        assert await session.scalar(sa.select(sa.func.count()).select_from(Customer)) == 50


async def test_no_row_points_at_nothing(sqlite_database: DatabaseUnderTest) -> None:
    await load()
    async with reading() as session:
        broken = (await session.execute(sa.text("PRAGMA foreign_key_check"))).all()
        checks = await session.scalar(sa.text("PRAGMA integrity_check"))
        settings_after = [
            await session.scalar(sa.text(f"PRAGMA {name}"))
            for name in ("foreign_keys", "synchronous")
        ]
    assert broken == []
    assert checks == "ok"
    assert settings_after == [1, 2]


async def test_the_demo_file_says_where_to_look(sqlite_database: DatabaseUnderTest) -> None:
    loaded = await load()
    path = settings().data_folder / "demo.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    held = json.loads(path.read_text(encoding="utf-8"))
    assert set(held) == {
        "base_url", "restaurant", "menu_url", "table_urls", "logins", "webhook"
    }  # fmt: skip
    assert held["base_url"] == "http://localhost:3000"
    assert held["restaurant"] == {"slug": "brasa-olive", "name": "Brasa & Olive", "currency": "EUR"}
    assert held["menu_url"] == "http://localhost:3000/menu/brasa-olive"
    assert len(held["table_urls"]) == 34
    code = loaded.stage.tables[0].code
    assert held["table_urls"][0] == {
        "table": "1",
        "area": "Indoor",
        "url": f"http://localhost:3000/menu/brasa-olive?table={code}",
    }
    assert [login["role"] for login in held["logins"]] == [
        "owner", "manager", "waiter", "waiter", "waiter", "kitchen"
    ]  # fmt: skip
    assert held["webhook"]["url"] == "http://localhost:3000/webhooks/whatsapp"
    # The server that starts next verifies with the same secrets.
    settings.cache_clear()
    assert settings().whatsapp_verify_token == held["webhook"]["verify_token"]
    assert settings().whatsapp_app_secret == held["webhook"]["app_secret"]


async def test_the_truth_names_every_customer(sqlite_database: DatabaseUnderTest) -> None:
    await load()
    with gzip.open(settings().data_folder / "demo-truth.json.gz") as file:
        truth = json.load(file)
    async with reading() as session:
        rows = {str(row.id): row for row in await session.scalars(sa.select(Customer))}
    known = {entry["customer_id"]: entry for entry in truth["guests"] if entry["customer_id"]}
    assert known.keys() == rows.keys()
    for customer_id, row in rows.items():
        assert known[customer_id]["alias"] == row.alias
        assert known[customer_id]["visit_count"] == row.total_visits
        assert known[customer_id]["consent"] == row.consent_level
    assert truth["model"]["visits"] == "MBG/NBD"
