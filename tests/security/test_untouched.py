"""A page that starts reads every State of its tab; what nobody has written is let go again."""

from collections.abc import Iterator
from typing import Any

import pytest
from reflex.istate.manager.memory import StateManagerMemory
from reflex.istate.manager.token import BaseStateToken
from reflex.state import BaseState, State

from services.base.database import transaction
from smartmenu.untouched import forget_untouched
from state.guest.cart import CartState
from state.guest.menu import MenuState
from tests.builders import make_restaurant
from tests.security.sockets import open_sockets

ROOT = "reflex___state____state"
HYDRATE = f"{ROOT}.hydrate_and_load"


def _tree(state: BaseState) -> Iterator[BaseState]:
    yield state
    for below in state.substates.values():
        yield from _tree(below)


def _one(root: BaseState, kind: type[BaseState]) -> Any:
    return root.get_substate(kind.get_full_name().split("."))


def test_what_was_written_stays_and_what_was_only_read_begins_again() -> None:
    root = State(_reflex_internal_init=True)  # type: ignore[call-arg]
    cart, menu = _one(root, CartState), _one(root, MenuState)
    cart.note = "no onions"
    menu.texts["title"] = "Menu"
    before = root.dict()
    read = [state for state in _tree(root) if vars(state) and not state._was_touched]
    assert read
    forget_untouched(root)
    assert [vars(state) for state in read] == [{}] * len(read)
    assert (cart.note, dict(cart.counts), menu.texts["title"]) == ("no onions", {}, "Menu")
    assert root.dict() == before


def test_what_begins_again_can_be_written() -> None:
    root = State(_reflex_internal_init=True)  # type: ignore[call-arg]
    root.dict()
    forget_untouched(root)
    cart = _one(root, CartState)
    cart.counts["a dish"] = 2
    forget_untouched(root)
    assert dict(cart.counts) == {"a dish": 2}
    # Not into the default of everybody else.
    other = State(_reflex_internal_init=True)  # type: ignore[call-arg]
    assert dict(_one(other, CartState).counts) == {}


@pytest.mark.usefixtures("sqlite_database")
@pytest.mark.parametrize("is_let_go", [True, False])
async def test_a_page_that_has_started_holds_only_what_was_written(
    is_let_go: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not is_let_go:
        monkeypatch.setattr("smartmenu.gate.forget_untouched", lambda _root: None)
    async with transaction() as session:
        restaurant = await make_restaurant(session)
    async with open_sockets() as sockets:
        tab = sockets.tab(path=f"/menu/{restaurant.slug}")
        await tab.send(HYDRATE)
        context = sockets.processor._root_context
        assert context is not None
        manager = context.state_manager
        assert isinstance(manager, StateManagerMemory)
        root = manager.states[BaseStateToken(ident=tab.token, cls=State).cache_key]
        read = [state for state in _tree(root) if vars(state) and not state._was_touched]
        assert (not read) is is_let_go
        assert root.router.url.path == f"/menu/{restaurant.slug}"
