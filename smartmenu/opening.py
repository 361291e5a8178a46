"""The command line's way to open a restaurant with its owner."""

import asyncio

import typer

from services.accounts import team
from services.accounts.passwords import hash_new
from services.base import addresses, clock
from services.base.database import dispose, transaction
from services.base.errors import SmartMenuError
from services.base.migrations import migrate
from services.base.texts import SOURCE_LANGUAGE, sentence
from services.restaurants import queries as restaurants
from services.restaurants.opening import open_restaurant
from smartmenu.key_check import hold_key


def open_with_owner(
    *,
    email: str,
    name: str,
    restaurant: str,
    slug: str,
    currency: str,
    time_zone: str,
    password: str,
) -> None:
    """Make the restaurant unless it is there, and its owner."""

    async def work() -> None:
        await migrate()
        await hold_key()
        hashed = await hash_new(password, email=email)
        now = clock.now()
        async with transaction() as session:
            found = await restaurants.find_by_slug(session, slug)
            restaurant_id = (
                found.id
                if found is not None
                else await open_restaurant(
                    session,
                    name=restaurant,
                    slug=slug,
                    currency=currency.upper(),
                    time_zone=time_zone,
                    now=now,
                )
            )
            await team.create_owner(
                session,
                restaurant_id=restaurant_id,
                email=email,
                name=name,
                password=hashed,
                now=now,
            )

    async def run() -> None:
        try:
            await work()
        finally:
            await dispose()

    try:
        asyncio.run(run())
    except SmartMenuError as error:
        typer.echo(sentence(SOURCE_LANGUAGE, error), err=True)
        raise typer.Exit(1) from error
    typer.echo(f"Done. Log in at {addresses.absolute(addresses.LOGIN)} as {email}.")
    typer.echo(f"Guests find the menu at {addresses.absolute(addresses.menu(slug))}.")
