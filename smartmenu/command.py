"""The command `smartmenu`: how an installation is run and looked after."""

import asyncio
import os
import sys
from typing import Annotated

import typer

from services.base.settings import ROOT, settings

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
    from smartmenu import serving  # noqa: PLC0415 - importing it is slow, and other commands do not need it

    serving.prepare(with_demo=demo)
    serving.serve()


@app.command()
def build(
    force: Annotated[bool, typer.Option(help="Build even if nothing changed.")] = False,
) -> None:
    """Build the browser's part; `run` does it when needed."""
    from smartmenu.build import build as build_client  # noqa: PLC0415

    typer.echo("Built." if build_client(force=force) else "The build is up to date.")


@app.command()
def migrate(
    revision: Annotated[str, typer.Argument(help="head, base, or a revision.")] = "head",
) -> None:
    """Bring the database's schema to a revision."""
    from services.base.database import dispose  # noqa: PLC0415
    from services.base.migrations import migrate as to_revision  # noqa: PLC0415

    async def work() -> None:
        await to_revision(revision)
        await dispose()

    asyncio.run(work())
    typer.echo(f"The schema is at {revision}.")


@app.command()
def worker() -> None:
    """Run scheduled work in a process of its own, beside web processes with SMARTMENU_JOBS_INSIDE=false."""
    from services.base.database import dispose  # noqa: PLC0415
    from services.jobs import runner  # noqa: PLC0415

    async def work() -> None:
        try:
            await runner.run_until_stopped()
        finally:
            await dispose()

    asyncio.run(work())


def main() -> None:
    """Entry point for `python -m smartmenu`."""
    os.chdir(ROOT)
    app()


if __name__ == "__main__":
    sys.exit(main())
