"""What the doctor finds wrong, and what it says about it."""

import os
from pathlib import Path

import pytest
import sqlalchemy as sa

from models.journal import JobClaim
from services.base import clock
from services.base.database import dispose, transaction
from services.base.settings import settings
from smartmenu import doctor
from smartmenu.doctor import Finding, Mark
from tests.databases import DatabaseUnderTest


async def _found(what: str) -> list[Finding]:
    return [one for one in await doctor.examine(settings()) if one.what == what]


async def _marks() -> dict[str, Mark]:
    return {one.what: one.mark for one in await doctor.examine(settings())}


@pytest.mark.usefixtures("database")
async def test_a_fresh_installation_has_nothing_that_is_wrong() -> None:
    settings().data_folder.mkdir(parents=True, exist_ok=True)
    settings().data_folder.chmod(0o750)

    marks = await _marks()

    assert [what for what, mark in marks.items() if mark is Mark.BAD] == []
    assert marks["Database"] is marks["Schema"] is marks["Data folder"] is Mark.GOOD


@pytest.mark.usefixtures("database")
async def test_a_schema_of_another_version_is_named() -> None:
    async with transaction() as session:
        await session.execute(sa.text("UPDATE alembic_version SET version_num = '0001'"))

    [schema] = await _found("Schema")

    assert schema.mark is Mark.BAD
    assert schema.found.startswith("0001, wanted ")
    assert "smartmenu migrate" in schema.to_do


async def test_a_database_that_does_not_answer_is_told_with_the_setting_to_look_at(
    sqlite_database: DatabaseUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    await dispose()
    monkeypatch.setenv("SMARTMENU_DATABASE_URL", "postgresql+psycopg://x@127.0.0.1:9/none")
    settings.cache_clear()
    try:
        [database] = await _found("Database")
    finally:
        await dispose()
        monkeypatch.setenv("SMARTMENU_DATABASE_URL", sqlite_database.url)
        settings.cache_clear()

    assert database.mark is Mark.BAD
    assert "PostgreSQL does not answer" in database.found
    assert "SMARTMENU_DATABASE_URL" in database.to_do


@pytest.mark.usefixtures("sqlite_database")
async def test_a_key_that_others_may_read_and_a_setting_nobody_knows(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    wanted = settings().model_copy(update={"data_folder": tmp_path, "secret_key": ""})
    key = tmp_path / "secret.key"
    key.write_text("a key")
    key.chmod(0o640)
    monkeypatch.setenv("SMARTMENU_WORKRES", "4")

    found = {one.what: one for one in await doctor.examine(wanted)}

    assert found["Secret key"].mark is Mark.BAD
    assert f"chmod 600 {key}" in found["Secret key"].to_do
    assert found["Settings"].found == "unknown: SMARTMENU_WORKRES"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
@pytest.mark.usefixtures("sqlite_database")
async def test_a_folder_that_cannot_be_written_is_told_with_its_owner(tmp_path: Path) -> None:
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o500)
    wanted = settings().model_copy(update={"data_folder": folder})

    found = {one.what: one for one in await doctor.examine(wanted)}

    assert found["Data folder"].mark is Mark.BAD


@pytest.mark.usefixtures("sqlite_database")
async def test_a_full_disk_and_tls_without_a_trusted_proxy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    usage = doctor.shutil.disk_usage("/")
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: usage._replace(free=10**8))
    wanted = settings().model_copy(update={"public_url": "https://menu.invalid"})

    found = {one.what: one for one in await doctor.examine(wanted)}

    assert (found["Disk"].mark, found["Disk"].found) == (Mark.BAD, "0.1 GB free")
    assert found["Proxy"].mark is Mark.BAD
    assert "SMARTMENU_TRUSTED_PROXY_HOPS=1" in found["Proxy"].to_do


@pytest.mark.usefixtures("sqlite_database")
async def test_jobs_that_nobody_runs_are_noticed() -> None:
    long_ago = clock.now().replace(year=2020)
    async with transaction() as session:
        session.add(
            JobClaim(
                name="release_idle_tables",
                claimed_until_at=long_ago,
                claimed_by="nobody",
                last_started_at=long_ago,
                last_finished_at=long_ago,
            )
        )

    [jobs] = await _found("Jobs")

    assert jobs.mark is Mark.WARNING
    assert "smartmenu worker" in jobs.to_do
