"""Before anything of guests is read or written: is this the key of this database?"""

import asyncio
import sys

import typer

from services.base import clock
from services.base.database import dispose, transaction
from services.base.errors import SmartMenuError
from services.base.texts import SOURCE_LANGUAGE, sentence
from services.privacy import key_mark
from services.privacy.errors import KeyMissingError, OtherKeyError


async def hold_key() -> None:
    """Go on with the key of this database only; ends the process with a sentence otherwise.

    Raises:
        SystemExit: the key is missing, empty, or another one.
    """
    try:
        async with transaction() as session:
            await key_mark.hold(session, now=clock.now())
    except (KeyMissingError, OtherKeyError) as error:
        await dispose()
        sys.exit(sentence(SOURCE_LANGUAGE, error))
    except ValueError as error:
        await dispose()
        sys.exit(str(error))


def accept() -> None:
    """Go on with the key that is here, after the old one was lost for good."""

    async def work() -> None:
        try:
            async with transaction() as session:
                await key_mark.accept(session, now=clock.now())
        finally:
            await dispose()

    try:
        asyncio.run(work())
    except (SmartMenuError, ValueError) as error:
        typer.echo(
            sentence(SOURCE_LANGUAGE, error) if isinstance(error, SmartMenuError) else str(error),
            err=True,
        )
        raise typer.Exit(1) from error
    typer.echo("This key is now the database's. What another one has encrypted stays unreadable.")
