"""Two restaurants with the same content: no read of one ever returns anything of the other."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

import services
from services.base import clock
from services.base.database import reading
from services.base.errors import SmartMenuError
from tests.security.worlds import World, make_world

READS = ("find_", "get_", "list_", "load_", "count_", "read_", "recently_", "average_")
WHOLE = {"board", "my_orders", "order_page", "cart_page", "view_cart", "table_choices"}


def _reads() -> list[Callable[..., Any]]:
    """Every public read of every service that asks for a restaurant."""
    found: dict[str, Callable[..., Any]] = {}
    for module in pkgutil.walk_packages(services.__path__, "services."):
        if module.name.startswith(("services.base", "services.simulation")):
            continue
        for name, function in vars(importlib.import_module(module.name)).items():
            if not inspect.iscoroutinefunction(function) or function.__module__ != module.name:
                continue
            if not (name.startswith(READS) or name in WHOLE):
                continue
            names = list(inspect.signature(function).parameters)
            if names[0] == "session" and {"restaurant_id", "restaurant"} & set(names):
                found[f"{module.name}.{name}"] = function
    return [found[name] for name in sorted(found)]


def _arguments(function: Callable[..., Any], mine: World, other: World) -> dict[str, Any] | None:
    """Acting for `mine`, with every id of `other`; None for a read that needs something else."""
    now = clock.now()
    known: dict[str, Any] = {
        **other.ids,
        **{f"{name}s": [value] for name, value in other.ids.items()},
        "restaurant_id": mine.info.id,
        "restaurant": mine.info,
        # Found by cookies, at one restaurant: never a word of the browser.
        "guest": mine.guest,
        "code": other.table_code,
        "language": "en",
        "now": now,
        "since": now - timedelta(days=1),
        "business_day": now.date(),
        "limit": 50,
    }
    chosen: dict[str, Any] = {}
    for name, one in list(inspect.signature(function).parameters.items())[1:]:
        if name in known:
            chosen[name] = known[name]
        elif one.default is inspect.Parameter.empty:
            return None
    return chosen


@pytest.mark.usefixtures("sqlite_database")
async def test_no_read_of_one_restaurant_returns_anything_of_the_other() -> None:
    mine, other = await make_world(), await make_world()
    secrets = {name: str(one) for name, one in other.ids.items()}
    secrets |= {"alias": other.guest.alias, "table_code": other.table_code}
    called, leaks = 0, []
    for function in _reads():
        arguments = _arguments(function, mine, other)
        if arguments is None:
            continue
        called += 1
        async with reading() as session:
            try:
                answer = repr(await function(session, **arguments))
            except SmartMenuError:
                continue
        where = f"{function.__module__}.{function.__name__}"
        leaks += [(where, name) for name, secret in secrets.items() if secret in answer]
    assert called >= 20
    assert leaks == []
