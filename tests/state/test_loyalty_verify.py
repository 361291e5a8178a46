"""Staff check a code: what they read, and how often they may guess."""

import pytest

from models.customers import Customer
from models.enums import Role
from services.base import clock
from services.base.database import transaction
from services.loyalty import redeeming
from state.staff.loyalty_verify import VerifyState
from tests.builders import make_customer
from tests.builders.loyalty import make_lot, make_programme, make_reward
from tests.services.ordering_room import Room, make_room
from tests.state.screens import call, logged_in_screen

pytestmark = pytest.mark.usefixtures("sqlite_database")


async def _code(room: Room) -> tuple[str, Customer]:
    async with transaction() as session:
        await make_programme(session, restaurant_id=room.info.id)
        customer = await make_customer(session, restaurant=room.row)
        await make_lot(session, customer=customer, points=100)
        reward = await make_reward(session, restaurant_id=room.info.id)
        taken = await redeeming.redeem(
            session,
            restaurant=room.info,
            customer_id=customer.id,
            reward_id=reward.id,
            key="key-00000001",
            now=clock.now(),
        )
    return taken.code, customer


async def test_a_waiter_reads_what_to_give_to_whom_once() -> None:
    room = await make_room()
    code, customer = await _code(room)
    screen = await logged_in_screen(VerifyState, room.row, Role.WAITER)
    await call(screen, "verify", {"code": code})
    assert (screen.given.name, screen.given.alias) == ("5 off", customer.alias)
    assert (screen.given.points, screen.problem) == ("100 points", "")
    await call(screen, "verify", {"code": code})
    assert (screen.given.name, screen.problem) == ("", "This code was used already.")


async def test_guessing_ends_after_thirty_tries() -> None:
    room = await make_room()
    code, _ = await _code(room)
    screen = await logged_in_screen(VerifyState, room.row, Role.WAITER)
    for _ in range(30):
        await call(screen, "verify", {"code": "AAAA AAAA"})
    assert screen.problem == "There is no such code here."
    await call(screen, "verify", {"code": code})
    assert screen.problem.startswith("That was tried too often")
    assert screen.given.name == ""


async def test_the_kitchen_verifies_nothing() -> None:
    room = await make_room()
    code, _ = await _code(room)
    screen = await logged_in_screen(VerifyState, room.row, Role.KITCHEN)
    await call(screen, "verify", {"code": code})
    assert screen.given.name == ""
