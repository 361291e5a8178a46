"""The command `outbox revive`: what was given up is sent again, once its cause is mended."""

import asyncio
from collections import Counter

import typer

from services.base import clock
from services.base.database import dispose, transaction
from services.base.errors import SmartMenuError
from services.base.texts import SOURCE_LANGUAGE, sentence
from services.jobs import reviving


def revive(*, restaurant: str, kind: str) -> None:
    """Give dead messages all their attempts again, and print how many of which kind."""

    async def work() -> Counter[str]:
        try:
            async with transaction() as session:
                return await reviving.revive(session, slug=restaurant, kind=kind, now=clock.now())
        finally:
            await dispose()

    try:
        revived = asyncio.run(work())
    except SmartMenuError as error:
        typer.echo(sentence(SOURCE_LANGUAGE, error))
        raise typer.Exit(1) from error
    for name, count in sorted(revived.items()):
        typer.echo(f"{name}: {count}")
    typer.echo(f"{revived.total()} messages go out again." if revived else "Nothing was given up.")
