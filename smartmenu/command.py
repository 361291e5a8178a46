"""The command `smartmenu`: how an installation is run and looked after."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from services.base.settings import ROOT

app = typer.Typer(
    help="SmartMenu: a QR code on a restaurant table becomes a CRM.", no_args_is_help=True
)


@app.command()
def run(
    demo: Annotated[
        bool, typer.Option(help="Fill an empty database with the demo restaurant.")
    ] = False,
) -> None:
    """Serve: build if needed, migrate, then start the web processes."""
    from smartmenu import serving

    serving.prepare(with_demo=demo)
    serving.serve()


@app.command()
def build(
    force: Annotated[bool, typer.Option(help="Build even if nothing changed.")] = False,
) -> None:
    """Build the browser's part; `run` does it when needed."""
    from smartmenu.build import build as build_client

    typer.echo("Built." if build_client(force=force) else "The build is up to date.")


@app.command()
def migrate(
    revision: Annotated[str, typer.Argument(help="head, base, or a revision.")] = "head",
) -> None:
    """Bring the database's schema to a revision."""
    from services.base.database import dispose
    from services.base.migrations import migrate as to_revision

    async def work() -> None:
        await to_revision(revision)
        await dispose()

    asyncio.run(work())
    typer.echo(f"The schema is at {revision}.")


@app.command()
def worker() -> None:
    """Run scheduled work in a process of its own, beside webs with SMARTMENU_JOBS_INSIDE=false."""
    from services.base.settings import settings
    from services.base.shared_metrics import keep_in

    # Before anything that counts is imported.
    keep_in(settings().metrics_folder)
    from services import live
    from services.base import logs
    from services.base.database import dispose
    from services.jobs import runner
    from smartmenu.key_check import hold_key

    logs.configure(as_json=settings().log_format == "json")

    async def work() -> None:
        try:
            await hold_key()
            await runner.run_until_stopped()
        finally:
            await live.close()
            await dispose()

    asyncio.run(work())


@app.command()
def demo(
    customers: Annotated[int, typer.Option(min=1, help="Remembered guests.")] = 3000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same data.")] = 1,
    months: Annotated[int, typer.Option(min=1, max=60, help="Length of the simulated past.")] = 12,
    restaurants: Annotated[
        int | None,
        typer.Option(min=1, help="How many share the guests; else as many as they need."),
    ] = None,
    replace: Annotated[bool, typer.Option(help="Take an existing demo away first.")] = False,
) -> None:
    """Load the demo restaurant "Brasa & Olive" with a simulated past up to now."""
    from smartmenu import demonstration

    demonstration.load(
        customers=customers, seed=seed, months=months, restaurants=restaurants, replace=replace
    )


@app.command("create-owner")
def create_owner(
    email: Annotated[str, typer.Option(prompt=True)],
    name: Annotated[str, typer.Option(prompt="Your name")],
    restaurant: Annotated[str, typer.Option(prompt="Name of the restaurant")],
    slug: Annotated[str, typer.Option(prompt="Its address: /menu/")],
    currency: Annotated[str, typer.Option(prompt="Currency, as in EUR")] = "EUR",
    time_zone: Annotated[
        str, typer.Option(prompt="Time zone, as in Europe/Madrid")
    ] = "Europe/Madrid",
    password: Annotated[
        str,
        typer.Option(
            envvar="SMARTMENU_OWNER_PASSWORD",
            prompt=True,
            hide_input=True,
            confirmation_prompt=True,
        ),
    ] = "",
) -> None:
    """Open a restaurant with its owner, or give an existing one another owner."""
    from smartmenu import opening

    opening.open_with_owner(
        email=email,
        name=name,
        restaurant=restaurant,
        slug=slug,
        currency=currency,
        time_zone=time_zone,
        password=password,
    )


@app.command()
def backup(
    target: Annotated[
        Path | None, typer.Argument(help="A file or folder; data/backups/ if left out.")
    ] = None,
    secret: Annotated[bool, typer.Option(help="Put the key of personal data into it.")] = True,
) -> None:
    """Write database, pictures and key into one file, while everything runs."""
    from smartmenu import safekeeping

    safekeeping.back_up(target, with_secret=secret)


@app.command()
def restore(
    source: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
    replace: Annotated[bool, typer.Option(help="Lose the restaurants that are there.")] = False,
) -> None:
    """Put a backup back; SmartMenu must be stopped."""
    from smartmenu import safekeeping

    safekeeping.restore(source, replaces=replace)


keys = typer.Typer(
    help="The keys that names, numbers and addresses are encrypted with.", no_args_is_help=True
)
app.add_typer(keys, name="keys")


@keys.command("add")
def add_key() -> None:
    """Make a new key; from now on it encrypts, and the others still decrypt."""
    from smartmenu import keys as commands

    commands.add()


@keys.command("rotate")
def rotate_keys() -> None:
    """Encrypt everything anew under the first key, while SmartMenu runs; begin again any time."""
    from smartmenu import keys as commands

    commands.rotate()


@keys.command("drop")
def drop_keys() -> None:
    """Forget every key of the file but the first, once nothing needs them."""
    from smartmenu import keys as commands

    commands.drop()


@keys.command("accept")
def accept_key() -> None:
    """Go on with another key, after the database's own was lost: its guests become strangers."""
    from smartmenu import key_check

    key_check.accept()


operators = typer.Typer(
    help="Who runs the installation: sees /platform/whatsapp.", no_args_is_help=True
)
app.add_typer(operators, name="operator")


@operators.command("add")
def add_operator(email: str) -> None:
    """Let somebody who logs in see the installation's own pages."""
    from smartmenu import operators as commands

    commands.mark(email, is_operator=True)


@operators.command("remove")
def remove_operator(email: str) -> None:
    """Take that away again."""
    from smartmenu import operators as commands

    commands.mark(email, is_operator=False)


@operators.command("list")
def list_operators() -> None:
    """Print who they are."""
    from smartmenu import operators as commands

    commands.show()


outboxes = typer.Typer(help="What goes out to guests and staff.", no_args_is_help=True)
app.add_typer(outboxes, name="outbox")


@outboxes.command("revive")
def revive_outbox(
    restaurant: Annotated[str, typer.Option(help="Its address, /menu/…; all if left out.")] = "",
    kind: Annotated[str, typer.Option(help='As "whatsapp" or "report"; all if left out.')] = "",
) -> None:
    """Send again what was given up, as after a mended account or address."""
    from smartmenu import outboxes as commands

    commands.revive(restaurant=restaurant, kind=kind)


@app.command()
def doctor() -> None:
    """Look at everything this installation stands on, and say what to do."""
    from smartmenu import doctor as examination

    examination.run()


def main() -> None:
    """Entry point for `python -m smartmenu`."""
    os.chdir(ROOT)
    app()


if __name__ == "__main__":
    sys.exit(main())
