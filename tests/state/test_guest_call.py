"""A guest calls from the order page, as a browser's events reach the handler."""

import pytest
import reflex as rx
import sqlalchemy as sa
from reflex.istate.data import RouterData
from sqlmodel import col

from models.restaurants import Restaurant
from models.seating import TableCall, TableCode
from services.base import clock
from services.base.database import reading, transaction
from state.guest.call import CallState
from tests.builders import make_restaurant, make_table, make_user
from tests.state.screens import call, told

pytestmark = pytest.mark.usefixtures("sqlite_database")
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile Safari/604.1"


async def phone(*, at_table: bool = True) -> tuple[CallState, Restaurant]:
    """A phone that has scanned a table's code, or only opened the menu."""
    async with transaction() as session:
        restaurant = await make_restaurant(session, slug="brasa")
        await make_table(session, restaurant=restaurant)
        code = await session.scalar(sa.select(col(TableCode.code)))
    query = f"?table={code}" if at_table else ""
    root = rx.State(_reflex_internal_init=True)  # type: ignore[call-arg]
    root.router = RouterData.from_router_data(
        {
            "headers": {
                "cookie": "smartmenu_visit=phone-1",
                "origin": "http://localhost:3000",
                "user-agent": PHONE,
            },
            "token": "phone-1",
            "pathname": "/menu/[slug]",
            "asPath": f"/menu/brasa{query}",
            "query": {"slug": "brasa"} | ({"table": str(code)} if at_table else {}),
        }
    )
    return await root.get_state(CallState), restaurant


async def count_calls() -> int:
    async with reading() as session:
        return await session.scalar(sa.select(sa.func.count()).select_from(TableCall)) or 0


async def test_however_often_somebody_taps_it_is_one_call() -> None:
    screen, _ = await phone()
    for _ in range(3):
        await call(screen, "call", kind="waiter")
    assert [(one.kind, one.state) for one in screen.calls] == [("waiter", "waiting"), ("bill", "")]
    assert screen.sentence == "We have been told. Somebody will come."
    assert await count_calls() == 1


async def test_somebody_is_on_the_way_once_staff_answered() -> None:
    screen, restaurant = await phone()
    await call(screen, "call", kind="bill")
    async with transaction() as session:
        waiter = (await make_user(session, restaurant=restaurant)).user
        await session.execute(
            sa.update(TableCall).values(answered_at=clock.now(), answered_by_id=waiter.id)
        )
    # Another kind may still be asked for, and the same one again.
    await call(screen, "call", kind="waiter")
    assert [one.state for one in screen.calls] == ["waiting", "coming"]
    assert screen.sentence == "Somebody is on the way to you."


async def test_a_guest_without_a_table_is_told_what_to_do() -> None:
    screen, _ = await phone(at_table=False)
    await call(screen, "call", kind="waiter")
    assert await told(screen) == ("Please scan the code on your table first.", "bad")
    assert (screen.calls, await count_calls()) == ([], 0)


async def test_only_known_calls_are_made() -> None:
    screen, _ = await phone()
    await call(screen, "call", kind="taxi")
    assert await told(screen) == ("That cannot be.", "bad")
    assert await count_calls() == 0
