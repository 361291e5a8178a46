"""The commands `operator add`, `operator remove` and `operator list`."""

import asyncio

import typer

from services.accounts import operators
from services.base.database import dispose, reading, transaction
from services.base.errors import SmartMenuError
from services.base.texts import SOURCE_LANGUAGE, sentence


def mark(email: str, *, is_operator: bool) -> None:
    """Make somebody who logs in an operator, or no longer."""

    async def work() -> None:
        try:
            async with transaction() as session:
                await operators.mark(session, email=email, is_operator=is_operator)
        finally:
            await dispose()

    try:
        asyncio.run(work())
    except SmartMenuError as error:
        typer.echo(sentence(SOURCE_LANGUAGE, error))
        raise typer.Exit(1) from error
    typer.echo(f"{email}: {'operator' if is_operator else 'no operator'}")


def show() -> None:
    """Print who operates this installation."""

    async def work() -> list[str]:
        try:
            async with reading() as session:
                return await operators.list_operators(session)
        finally:
            await dispose()

    for email in asyncio.run(work()):
        typer.echo(email)
