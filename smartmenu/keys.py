"""The commands `keys add`, `keys rotate` and `keys drop`."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import typer

from services.base import keyring
from services.base.database import dispose
from services.privacy.rekeying import Rekeyed, rekey

IN_SETTINGS = (
    "The keys stand in SMARTMENU_ENCRYPTION_KEYS: change them there, on every machine "
    "(docs/operations.md says in which order). "
)


def add() -> None:
    """Make a new key; from now on it encrypts, and the others still decrypt."""
    try:
        count = keyring.add()
    except PermissionError:
        typer.echo(f"{IN_SETTINGS}A new one: {keyring.new_key()}")
        raise typer.Exit(1) from None
    typer.echo(f"{keyring.file()} holds a new key; {count} decrypt. Next: smartmenu keys rotate")


def rotate() -> None:
    """Encrypt everything anew under the first key, while SmartMenu runs; begin again any time."""

    async def work() -> Rekeyed:
        total = Rekeyed()
        async for done in rekey():
            total += done
            typer.echo(f"\r{total.changed:,} changed, {total.current:,} were", nl=False)
        typer.echo("")
        return total

    total = _run(work())
    typer.echo(f"Under the first key: {total.changed + total.current:,} texts.")
    if total.unreadable:
        typer.echo(f"{total.unreadable:,} texts are opened by none of the keys.")
        raise typer.Exit(1)


def drop() -> None:
    """Forget every key of the file but the first, once nothing needs them."""

    async def left() -> Rekeyed:
        total = Rekeyed()
        async for done in rekey(writes=False):
            total += done
        return total

    found = _run(left())
    if found.changed:
        typer.echo(f"{found.changed:,} texts still need an older key: smartmenu keys rotate")
        raise typer.Exit(1)
    try:
        gone = keyring.drop_all_but_first()
    except PermissionError:
        typer.echo(f"{IN_SETTINGS}Nothing needs any but the first.")
        raise typer.Exit(1) from None
    typer.echo(f"{gone} keys are forgotten. Backups that were made before hold their own.")


def _run(work: Coroutine[Any, Any, Rekeyed]) -> Rekeyed:
    async def all_of_it() -> Rekeyed:
        try:
            return await work
        finally:
            await dispose()

    return asyncio.run(all_of_it())
