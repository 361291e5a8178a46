"""Every door of every State: who may call it, and what bad input gets."""

import inspect
import typing
from collections.abc import AsyncIterator
from enum import Enum
from typing import Any, Literal
from uuid import UUID

import pytest
from reflex_base.event import EventHandler
from reflex_base.registry import RegistrationContext

from models.enums import Role
from services.accounts.types import PERMISSIONS, Permission
from smartmenu.gate import FRAMEWORK
from smartmenu.smartmenu import app
from tests.security.sockets import Sockets, open_sockets
from tests.security.worlds import Contents, World, make_world, rows_of

# Open to the whole internet, each for a reason. Anything else asks who is there.
OPEN_TO_ANYONE = {
    "CartState.close": "folds the sheet of this tab",
    "DishState.close": "folds the sheet of this tab",
    "DishState.set_note": "keeps words in this tab until the dish is added",
    "MenuState.live": "a menu is public; it finds out itself who looks",
    "MenuState.dismiss_seat_notice": "hides a sentence of this tab",
    "BoardState.show_tab": "chooses the column this tab shows",
    "BoardState.close_dialog": "closes a dialog of this tab",
    "FloorState.set_search": "keeps what this tab searches for",
    "FloorState.toggle_mine": "whose tables this tab shows first",
    "FloorWaitersState.close": "closes a dialog of this tab",
    "PartyMovesState.choose_guest": "marks one of the guests that a dialog of this tab shows",
    "PartyMovesState.close": "closes a dialog of this tab",
    "SeatPartyState.close": "closes a dialog of this tab",
    "TableServiceState.close": "closes a dialog of this tab",
    "FloorState.toggle_list": "plan or list in this tab",
    "TablePanelState.close_table": "closes the panel of this tab",
    "TablePanelState.close_dialog": "closes a dialog of this tab",
    "TablePanelState.edit_note": "opens a field of this tab",
    "ReservationsState.toggle_list": "timeline or list in this tab",
    "ReservationsState.close": "closes the panel of this tab",
    "RoomStatsState.choose_measure": "colours the tables of this tab",
    "RoomStatsState.choose_service": "chooses the area whose times this tab shows",
    "RoomStatsState.close_table": "folds the numbers of this tab",
    "CustomerState.ask_apart": "asks about a merge that this tab shows",
    "CustomerState.close": "closes what lies over the card of this tab",
    "CriteriaState.close": "closes the builder of this tab",
    "CustomersBulkState.choose_none": "forgets what this tab had chosen",
    "CustomersBulkState.close_question": "closes a dialog of this tab",
    "CustomersPreviewState.close": "closes the drawer of this tab",
    "SegmentsState.ask": "opens a question of this tab",
    "BookedState.follow": "shows a reservation to whoever has its link; it finds it by the token",
    "WaitState.follow": "shows a place in the queue to whoever has its link",
    "PrivacyState.live": "shows a guest what is known of them, by their own cookies",
    "PrivacyState.ask_to_forget": "opens the question in this tab",
    "PrivacyState.hide_code": "folds the recovery code of this tab",
    "PrivacyRulesState.ask": "opens a question in this tab",
    "FrameState.enter": "finds out itself who is there, and sends strangers to the log-in",
    "FrameState.toggle_menu": "folds the links of this tab",
    "FrameState.dismiss_notice": "hides a sentence of this tab",
    "RushState.slow_down": "says a fixed sentence in this tab",
    "LoginState.enter": "the log-in form is for people who are not logged in",
    "MenuEditorState.look_at": "chooses the list this tab shows",
}
_LISTED_FORMS = (
    "AreaForm",
    "CodeForm",
    "CategoryForm",
    "DishForm",
    "GroupForm",
    "Rewards",
    "TableForm",
)
OPEN_TO_ANYONE |= {
    f"{form}State.touch": "notes that a form of this tab was changed"
    for form in (*_LISTED_FORMS, "Settings", "PrivacyRules", "Programme")
} | {f"{form}State.leave": "closes a form of this tab" for form in _LISTED_FORMS}
FORM = {
    "name": "Mine now",
    "email": "mine@example.com",
    "role": "owner",
    "number": "8",
    "capacity": "4",
    "price": "1.00",
    "reason": "Because",
    "note": "Mine",
}
JUNK: tuple[Any, ...] = (
    None,
    -1,
    10**30,
    "'; DROP TABLE customer_orders; --",
    "a\x00b",
    "\ud800",
    ["x"],
    {"name": {"$gt": ""}, "0": None},
    "9" * 5000,
)
assert app is not None


def _own() -> dict[str, EventHandler]:
    """Every handler of a State of ours, by its event's name."""
    return {
        name: found.handler
        for name, found in RegistrationContext.get().event_handlers.items()
        if found.handler.fn.__module__.startswith("state.")
        or (found.states[0].__module__.startswith("state.") and not name.endswith(".setvar"))
    }


def _short(handler: EventHandler) -> str:
    return handler.fn.__qualname__


def _door(handler: EventHandler) -> str:
    return getattr(handler.fn, "__door__", "")


def _needed(handler: EventHandler) -> Permission | None:
    kind, _, permission = _door(handler).partition(":")
    return Permission(permission) if kind == "staff" else None


def test_every_handler_has_a_door() -> None:
    known = {"anyone", "guest"} | {f"staff:{permission}" for permission in Permission}
    handlers = _own()
    assert len(handlers) > 100
    assert [name for name, handler in handlers.items() if _door(handler) not in known] == []


def test_what_is_open_to_anyone_is_listed_with_its_reason() -> None:
    found = {_short(handler) for handler in _own().values() if _door(handler) == "anyone"}
    assert found == set(OPEN_TO_ANYONE)


def test_nothing_else_is_registered_but_the_framework_s_own() -> None:
    others = set(RegistrationContext.get().event_handlers) - set(_own())
    assert {name for name in others if not name.endswith(".setvar")} == set(FRAMEWORK)


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


@pytest.fixture
def contents(sqlite_database: object) -> typing.Iterator[Contents]:
    opened = Contents()
    yield opened
    opened.close()


async def test_strangers_change_nothing(here: World, sockets: Sockets, contents: Contents) -> None:
    """Without a cookie staff's doors lead to the log-in."""
    before = await rows_of()
    for name, handler in _own().items():
        if _door(handler) == "guest":
            continue
        tab = sockets.tab(path="/login")
        version = contents.version()
        for payload in _payloads(handler, here):
            await tab.send(name, payload)
        assert contents.version() == version or await rows_of() == before, _short(handler)
        if _door(handler) != "anyone":
            assert set(tab.redirects()) == {"/login"}, _short(handler)
    assert here.guest.alias not in str(sockets.namespace.updates)
    assert _failures(sockets) == []


async def test_roles_without_the_permission_change_nothing(
    here: World, sockets: Sockets, contents: Contents
) -> None:
    before = await rows_of()
    for role in Role:
        tab = sockets.tab(cookie=here.staff_cookie(role), path="/staff/floor")
        for name, handler in _own().items():
            needed = _needed(handler)
            if needed is None or needed in PERMISSIONS[role]:
                continue
            version = contents.version()
            for payload in _payloads(handler, here)[:3]:
                await tab.send(name, payload)
            assert contents.version() == version or await rows_of() == before, _short(handler)
        assert set(tab.told()) == {"Your role does not allow this."}
    assert _failures(sockets) == []


async def test_owners_of_another_restaurant_change_nothing_here(
    here: World, there: World, sockets: Sockets, contents: Contents
) -> None:
    """Everything they may do at home, with this restaurant's ids."""
    before = await rows_of(here.info.id)
    for state in _by_state():
        tab = sockets.tab(cookie=there.staff_cookie(Role.OWNER), path="/staff/floor")
        for name, handler in state.items():
            if _needed(handler) is None:
                continue
            version = contents.version()
            for payload in _payloads(handler, here):
                await tab.send(name, payload)
            unchanged = contents.version() == version or await rows_of(here.info.id) == before
            assert unchanged, _short(handler)
    assert here.guest.alias not in str(sockets.namespace.updates)
    assert _failures(sockets) == []
    assert await _who_is_in(there) == 4


@pytest.mark.parametrize("where", ["here", "at home"])
async def test_guests_of_another_restaurant_change_nothing_of_ours(
    where: str, here: World, there: World, sockets: Sockets, contents: Contents
) -> None:
    """On their own menu nothing here changes; on this menu they are a new guest."""
    before = await rows_of(here.info.id)
    place = here if where == "here" else there
    path = f"/menu/{place.slug}/orders/{here.ids['order_id']}"
    for state in _by_state():
        tab = sockets.tab(cookie=there.guest_cookie, path=path)
        for name, handler in state.items():
            if _door(handler) != "guest":
                continue
            version = contents.version()
            for payload in _payloads(handler, here):
                await tab.send(name, payload)
            if contents.version() == version:
                continue
            now = await rows_of(here.info.id)
            if where == "here":
                # Their own new visit, cart and so on are new rows; the room may notice them.
                now = {key: now.get(key) for key in before}
                now |= {key: row for key, row in before.items() if key[0] == "sittings"}
            assert now == before, _short(handler)
    assert here.guest.alias not in str(sockets.namespace.updates)
    assert _failures(sockets) == []


@pytest.mark.parametrize("kind", ["guest", "staff"])
async def test_junk_from_those_who_may_is_refused_and_breaks_nothing(
    kind: str, here: World, sockets: Sockets, contents: Contents
) -> None:
    cookie = here.guest_cookie if kind == "guest" else here.staff_cookie(Role.OWNER)
    path = f"/menu/{here.slug}/orders/{here.ids['order_id']}" if kind == "guest" else "/staff/floor"
    for state in _by_state():
        tab = sockets.tab(cookie=cookie, path=path)
        for name, handler in state.items():
            if not _door(handler).startswith((kind, "anyone")):
                continue
            version = contents.version()
            for payload in _wrong_shapes(handler, here):
                await tab.send(name, payload)
            assert contents.version() == version, _short(handler)
            for payload in _junk(handler, here):
                await tab.send(name, payload)
    assert _failures(sockets) == []
    assert len([key for key in await rows_of(here.info.id) if key[0] == "customer_orders"]) >= 1


async def test_setvar_and_everything_else_without_a_door_is_dropped(
    here: World, sockets: Sockets, contents: Contents
) -> None:
    before, version = await rows_of(), contents.version()
    registered = RegistrationContext.get().event_handlers
    closed = [name for name in registered if name.endswith(".setvar")]
    assert len(closed) > 10
    tab = sockets.tab(cookie=here.staff_cookie(Role.OWNER), path="/staff/floor")
    for name in closed:
        for var in ("note", "search", "brand", "may_edit", "_undo", "is_hydrated", "__class__"):
            await tab.send(name, {"var_name": var, "value": "taken"})
    assert "taken" not in str(sockets.namespace.updates)
    assert (contents.version(), await rows_of()) == (version, before)
    assert _failures(sockets) == []


async def test_junk_for_the_framework_s_own_handlers_breaks_nothing(
    here: World, sockets: Sockets, contents: Contents
) -> None:
    version = contents.version()
    for name, wanted in FRAMEWORK.items():
        tab = sockets.tab(path="/login")
        for junk in (*JUNK, {}, {"x": 1}, {f"{name}.y": "z"}):
            await tab.send(name, junk)
            await tab.send(name, dict.fromkeys(wanted, junk))
    assert contents.version() == version
    assert _failures(sockets) == []


async def _who_is_in(world: World) -> int:
    rows = await rows_of(world.info.id)
    return sum(table == "memberships" for table, _ in rows)


def _failures(sockets: Sockets) -> list[str]:
    return [repr(one) for one in sockets.failures]


def _by_state() -> list[dict[str, EventHandler]]:
    groups: dict[str, dict[str, EventHandler]] = {}
    for name, handler in _own().items():
        groups.setdefault(name.rpartition(".")[0], {})[name] = handler
    return list(groups.values())


def _payloads(handler: EventHandler, world: World) -> list[Any]:
    """What a browser would send with this restaurant's ids, and some that none would."""
    return [
        _plausible(handler, world),
        *_wrong_shapes(handler, world)[:2],
        *_junk(handler, world)[:4],
    ]


def _plausible(handler: EventHandler, world: World) -> dict[str, Any]:
    hints = typing.get_type_hints(handler.fn)
    return {name: _value(name, hints.get(name, str), world) for name in _parameters(handler)}


def _parameters(handler: EventHandler) -> list[str]:
    return list(inspect.signature(handler.fn).parameters)[1:]


def _value(name: str, hint: Any, world: World) -> Any:
    if name in world.ids or hint is UUID:
        return str(world.ids.get(name, world.ids["dish_id"]))
    if typing.get_origin(hint) is Literal:
        return typing.get_args(hint)[0]
    if inspect.isclass(hint) and issubclass(hint, Enum):
        return next(iter(hint)).value
    if hint in {bool, int}:
        return hint(1)
    if typing.get_origin(hint) is dict:
        places = {"category": "category_id", "area": "area_id"}
        return FORM | {field: str(world.ids[place]) for field, place in places.items()}
    return {"day": "mon", "color": "#112233"}.get(name, "mine")


def _wrong_shapes(handler: EventHandler, world: World) -> list[Any]:
    """Never what a handler takes: refused whatever the values are."""
    right = _plausible(handler, world)
    smuggled = {"actor": "x", "_actor": "x", "here": "y", "self": "z", "restaurant_id": "r"}
    shapes: list[Any] = [right | {key: value} for key, value in smuggled.items()]
    if _required(handler):
        shapes.append({})
    return [*shapes, ["list"], "text", 7]


def _required(handler: EventHandler) -> bool:
    parameters = list(inspect.signature(handler.fn).parameters.values())[1:]
    return any(one.default is inspect.Parameter.empty for one in parameters)


def _junk(handler: EventHandler, world: World) -> list[dict[str, Any]]:
    names = _parameters(handler)
    right = _plausible(handler, world)
    junk = [right | {name: value} for name in names for value in JUNK]
    forms = [name for name in names if isinstance(right[name], dict)]
    junk += [right | {name: dict.fromkeys(right[name], value)} for name in forms for value in JUNK]
    return junk
