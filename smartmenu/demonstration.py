"""The demo restaurant: made once on an empty database, its log-ins told at every start."""

import asyncio
import json

import sqlalchemy as sa
import typer
from rich.progress import Progress
from sqlmodel import col

from models.restaurants import Restaurant
from services.base import clock
from services.base.database import dispose, reading, transaction
from services.base.errors import SmartMenuError
from services.base.migrations import migrate
from services.base.settings import settings
from services.base.texts import SOURCE_LANGUAGE, sentence
from services.restaurants.queries import get_by_slug
from services.simulation.demo import has_demo, load_demo
from services.simulation.demo_file import demo_file
from services.simulation.refresh import refresh_room
from services.simulation.reservations import write_reservations
from smartmenu.key_check import hold_key

DEMO_SLUG = "brasa-olive"
FIRST_RUN_CUSTOMERS, FIRST_RUN_SEED, FIRST_RUN_MONTHS = 3000, 1, 12


def load(*, customers: int, seed: int, months: int, restaurants: int | None, replace: bool) -> None:
    """Load the demo restaurant, with a bar that shows how far it is."""

    async def work() -> None:
        try:
            await migrate()
            await hold_key()
            await _load(
                customers=customers,
                seed=seed,
                months=months,
                restaurants=restaurants,
                replace=replace,
            )
        finally:
            await dispose()

    try:
        asyncio.run(work())
    except SmartMenuError as error:
        typer.echo(f"{sentence(SOURCE_LANGUAGE, error)} (--replace)", err=True)
        raise typer.Exit(1) from error
    tell_about_demo()


async def prepare_demo() -> None:
    """Load the demo when the database has no restaurant at all, and tell where everything is."""
    async with reading() as session:
        is_empty = await session.scalar(sa.select(col(Restaurant.id)).limit(1)) is None
    if is_empty:
        typer.echo("Simulating a year of Brasa & Olive, once:")
        await _load(
            customers=FIRST_RUN_CUSTOMERS,
            seed=FIRST_RUN_SEED,
            months=FIRST_RUN_MONTHS,
            restaurants=None,
            replace=False,
        )
    elif await has_demo():
        # A demo loaded days ago would show days-old orders: the running evening moves to now.
        async with transaction() as session:
            now = clock.now()
            if await refresh_room(session, slug=DEMO_SLUG, now=now):
                restaurant = await get_by_slug(session, DEMO_SLUG)
                await write_reservations(
                    session, restaurant_id=restaurant.id, now=now, seed=FIRST_RUN_SEED
                )
    tell_about_demo()


async def _load(
    *, customers: int, seed: int, months: int, restaurants: int | None, replace: bool
) -> None:
    with Progress(transient=True) as bar:
        task = bar.add_task("Simulating", total=1.0)
        await load_demo(
            customers=customers,
            seed=seed,
            months=months,
            now=clock.now(),
            restaurants=restaurants,
            replace=replace,
            on_progress=lambda share, what: bar.update(task, completed=share, description=what),
        )


def tell_about_demo() -> None:
    """Print the addresses and log-ins; nothing when there is no demo."""
    path = demo_file()
    if not path.is_file():
        return
    text = path.read_text(encoding="utf-8")
    demo = json.loads(text)
    if demo["base_url"] != settings().public_url:
        # The same data served under another address.
        text = text.replace(demo["base_url"], settings().public_url)
        path.write_text(text, encoding="utf-8")
        demo = json.loads(text)
    typer.echo()
    typer.echo(f"{demo['restaurant']['name']} is ready.")
    typer.echo(f"  A guest at a table   {_some_table(demo)}")
    typer.echo(f"  The menu             {demo['menu_url']}")
    typer.echo(f"  Staff                {demo['base_url']}/login")
    for login in demo["logins"]:
        typer.echo(f"    {login['role']:<9} {login['email']:<32} {login['password']}")
    typer.echo(f"  All of it            {path}")
    typer.echo()


def _some_table(demo: dict[str, list[dict[str, str]]]) -> str:
    twelve = [entry["url"] for entry in demo["table_urls"] if entry["table"] == "12"]
    return (twelve or [demo["table_urls"][0]["url"]])[0]
