"""Scripted browsing: any handlers in any order with any arguments, through the whole event path.

The door test asks every handler about junk chosen by hand, one at a time. Here chance chooses:
sequences within one tab, where one handler meets what another one left behind.
"""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.enums import Role
from tests.security.sockets import Sockets, open_sockets
from tests.security.test_doors import _door, _own, _parameters
from tests.security.worlds import Contents, World, make_world, rows_of

HANDLERS = {name: (handler, tuple(_parameters(handler))) for name, handler in _own().items()}
# Stands for an id of the restaurant that is looked at, which is made later.
IDS = ("dish_id", "order_id", "table_id", "customer_id", "user_id", "line_id", "code_id")
WORDS = ("mine", "", "essential", "new", "owner", "true", "9" * 40, "a\x00b", "\ud800", "../..")
_values = st.one_of(
    st.sampled_from(IDS).map(lambda name: ("id", name)),
    st.sampled_from(WORDS),
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=30),
)
_arguments = st.recursive(
    _values,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)


@st.composite
def _steps(draw: st.DrawFn) -> tuple[str, Any]:
    name = draw(st.sampled_from(sorted(HANDLERS)))
    _, parameters = HANDLERS[name]
    if draw(st.integers(0, 9)) == 0:
        return name, draw(_arguments)
    return name, {parameter: draw(_arguments) for parameter in parameters}


@pytest.fixture
async def here(sqlite_database: object) -> World:
    return await make_world()


@pytest.fixture
async def there(here: World) -> World:
    return await make_world()


@pytest.fixture
async def sockets(sqlite_database: object) -> AsyncIterator[Sockets]:
    async with open_sockets() as opened:
        yield opened


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(_steps(), min_size=1, max_size=10), who=st.sampled_from(["", "owner"]))
async def test_random_browsing_by_strangers_breaks_and_changes_nothing(
    here: World, there: World, sockets: Sockets, steps: list[tuple[str, Any]], who: str
) -> None:
    """Nobody, and the owner of another restaurant, on this restaurant's pages with its ids.

    Guests' doors are left out: acting on a menu makes anybody a guest there, by design.
    """
    contents = Contents()
    version, before = contents.version(), await rows_of(here.info.id)
    cookie = there.staff_cookie(Role.OWNER) if who else ""
    tab = sockets.tab(cookie=cookie, path="/staff/floor")
    for name, payload in steps:
        if _door(HANDLERS[name][0]) != "guest":
            await tab.send(name, _filled(payload, here))
    assert contents.version() == version or await rows_of(here.info.id) == before
    contents.close()
    assert [repr(one) for one in sockets.failures] == []
    assert here.guest.alias not in str(sockets.namespace.updates.get(tab.token))


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(_steps(), min_size=1, max_size=10), who=st.sampled_from(["guest", "owner"]))
async def test_random_browsing_by_those_who_may_breaks_nothing(
    here: World, there: World, sockets: Sockets, steps: list[tuple[str, Any]], who: str
) -> None:
    """Whatever they do at home, nothing raises and nobody else's restaurant changes."""
    before = await rows_of(there.info.id)
    cookie = here.guest_cookie if who == "guest" else here.staff_cookie(Role.OWNER)
    order = f"/menu/{here.slug}/orders/{here.ids['order_id']}"
    tab = sockets.tab(cookie=cookie, path=order if who == "guest" else "/staff/floor")
    for name, payload in steps:
        await tab.send(name, _filled(payload, here))
    assert [repr(one) for one in sockets.failures] == []
    assert await rows_of(there.info.id) == before


def _filled(value: Any, world: World) -> Any:
    if isinstance(value, tuple):
        return str(world.ids[value[1]])
    if isinstance(value, list):
        return [_filled(one, world) for one in value]
    if isinstance(value, dict):
        return {key: _filled(one, world) for key, one in value.items()}
    return value
