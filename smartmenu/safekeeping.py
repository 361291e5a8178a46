"""The commands `backup` and `restore`."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import sqlalchemy as sa
import typer
from alembic.config import Config
from alembic.script import ScriptDirectory

from services.backups import archive
from services.backups.archive import Place
from services.backups.errors import NotABackupError, NotEmptyError
from services.base import clock
from services.base.database import dispose, reading
from services.base.errors import SmartMenuError
from services.base.migrations import migrate
from services.base.settings import ROOT, settings
from services.base.texts import N_, SOURCE_LANGUAGE, sentence
from services.privacy import returning, taken_back, tombstones, unfinished


def place() -> Place:
    """This installation, as a backup sees it."""
    wanted = settings()
    file = Path(sa.make_url(wanted.database_url).database or "") if wanted.is_sqlite else None
    return Place(wanted.database_url, file, wanted.data_folder)


def back_up(target: Path | None, *, with_secret: bool) -> None:
    """Write one file; a name with the present moment unless told otherwise."""
    now = clock.now()
    file = target or settings().data_folder / "backups" / f"smartmenu-{now:%Y-%m-%dT%H%M%SZ}.tar.gz"
    if file.is_dir():
        file /= f"smartmenu-{now:%Y-%m-%dT%H%M%SZ}.tar.gz"

    async def work() -> None:
        revision = "" if settings().is_sqlite else await _revision()
        made = await asyncio.to_thread(
            archive.make, place(), file, revision=revision, with_secret=with_secret, now=now
        )
        size = file.stat().st_size / 1e6
        orders = "" if made.orders is None else f", {made.orders:,} orders"
        typer.echo(f"{file} ({size:.1f} MB{orders}).")
        if made.has_secret:
            typer.echo("It holds the key of personal data: keep it as you keep the data itself.")

    _run(work)


def restore(source: Path, *, replaces: bool) -> None:
    """Put a backup back and bring its schema to this version's."""
    _run(lambda: put_back(source, replaces=replaces))


async def put_back(source: Path, *, replaces: bool) -> None:
    """The same; what is killed in the middle can be begun again.

    Raises:
        SmartMenuError: this is no backup for this installation, or it holds restaurants.
    """
    manifest = await asyncio.to_thread(archive.read_manifest, source)
    if manifest.revision not in _known_revisions():
        msg = N_("This backup was made by a newer SmartMenu. Install that version first.")
        raise NotABackupError(msg)
    if not settings().is_sqlite and not replaces and await _has_restaurants():
        msg = N_("There are restaurants in this database already.")
        raise NotEmptyError(msg)
    data_folder = settings().data_folder
    lines = await returning.collect(data_folder)
    before = unfinished.read(data_folder)
    taken = await taken_back.collect(since=manifest.made_at, now=clock.now(), before=before)
    # Before the database that holds them goes: what is killed in between can be begun again.
    tombstones.keep_aside(lines, data_folder=data_folder)
    unfinished.keep(taken, data_folder=data_folder)
    await dispose()
    try:
        await asyncio.to_thread(archive.put_back, place(), source, replaces=replaces)
    except SmartMenuError:
        # Refused, and nothing was replaced: what is written down would be old for the next one.
        unfinished.leave(before, data_folder=data_folder)
        raise
    await migrate()
    buried = await returning.bury_again(lines, now=clock.now())
    chose = await unfinished.finish(data_folder)
    typer.echo(f"Restored: as of {manifest.made_at:%Y-%m-%d %H:%M} UTC.")
    if buried:
        typer.echo(f"Erased again: {buried} guests who had asked for it since the backup.")
    if chose:
        typer.echo(f"Taken back again: what {chose} guests had allowed until the backup.")
    typer.echo("Look at the team: whoever left it since, and old passwords, are back.")
    if not manifest.has_secret:
        typer.echo(
            "The backup holds no key: put back the old secret.key or SMARTMENU_SECRET_KEY. "
            "Without it phone numbers stay unreadable, guests are strangers, and SmartMenu "
            "starts only after `smartmenu keys accept`."
        )


def _run(work: Callable[[], Awaitable[None]]) -> None:
    async def all_of_it() -> None:
        try:
            await work()
        finally:
            await dispose()

    try:
        asyncio.run(all_of_it())
    except SmartMenuError as error:
        hint = " (--replace)" if isinstance(error, NotEmptyError) else ""
        typer.echo(sentence(SOURCE_LANGUAGE, error) + hint, err=True)
        raise typer.Exit(1) from error


async def _revision() -> str:
    async with reading() as session:
        return str(await session.scalar(sa.text("SELECT version_num FROM alembic_version")))


async def _has_restaurants() -> bool:
    async with reading() as session:
        table = await session.scalar(sa.text("SELECT to_regclass('public.restaurants')::text"))
        if table is None:
            return False
        return await session.scalar(sa.text("SELECT 1 FROM restaurants LIMIT 1")) is not None


def _known_revisions() -> set[str]:
    scripts = ScriptDirectory.from_config(Config(ROOT / "alembic.ini"))
    return {script.revision for script in scripts.walk_revisions()}
