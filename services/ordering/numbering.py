"""An order's rows under the day's next number, for which all orders of a restaurant wait.

Whoever has a number is waited for until their commit. On PostgreSQL number, order and lines are
therefore one statement: between three there were as many ways to and from the web process, which
also has others to serve, and orders of two processes spent half of their time waiting for a number.
SQLite has one writer anyway, and no statements that write in three tables.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncSession

from models.columns import new_id
from models.ordering import Order, OrderLine
from models.restaurants import OrderCounter
from services.base.upserts import BuiltOnce

# Tables themselves, and statements built once: building them for each order cost as much as
# sending them.
_tables = Order.metadata.tables
_orders, _lines, _counters = (
    _tables[model.__tablename__] for model in (Order, OrderLine, OrderCounter)
)


async def insert_numbered(
    session: AsyncSession, *, order: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]
) -> int | None:
    """Write an order and its lines under the next number of its restaurant and business day.

    Args:
        session: open transaction; from here to its end other orders of the restaurant wait.
        order: every column but the number.
        lines: columns of each.

    Returns:
        The number; None when the restaurant has an order with this submit key: nothing is written
        but the counter, so let the transaction fail.
    """
    counter = {
        "new_id": new_id(),
        "new_created_at": order["created_at"],
        "new_restaurant_id": order["restaurant_id"],
        "new_business_day": order["business_day"].isoformat(),
        "new_last_number": 1,
    }
    if session.get_bind().dialect.name == "postgresql":
        values = {f"order_{name}": value for name, value in order.items()}
        told = json.dumps(lines, default=str)
        return await session.scalar(_AT_ONCE.on(session), counter | values | {"lines": told})
    number = int(await session.scalar(_NEXT_NUMBER.on(session), counter) or 0)
    if await session.scalar(_INSERT_ORDER.on(session), {**order, "number": number}) is None:
        return None
    await session.execute(_INSERT_LINES, cast("Any", lines))
    return number


def _next_number(insert: Callable[[sa.Table], Any]) -> Any:  # noqa: ANN401 - an insert of either
    """Begin a day's numbers or take the next one, in the order of asking.

    PostgreSQL lets those who wait for a row start anew after each commit: one in twenty waited
    twice as long as the others. Who waits for an advisory lock keeps their place in the queue.
    """
    first = sa.select(
        *(sa.bindparam(f"new_{name}", type_=_counters.c[name].type) for name in _COUNTER_COLUMNS)
    )
    if insert is postgresql.insert:
        whose = sa.func.concat("number:", sa.bindparam("new_restaurant_id"))
        turn = sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(whose, 0))
        first = first.select_from(sa.select(turn.label("came")).subquery("turn"))
    else:
        # Without a condition SQLite takes ON CONFLICT for that of a join.
        first = first.where(sa.true())
    return (
        insert(_counters)
        .from_select(_COUNTER_COLUMNS, first)
        .on_conflict_do_update(
            index_elements=["restaurant_id", "business_day"],
            set_={"last_number": _counters.c.last_number + 1},
        )
        .returning(_counters.c.last_number)
    )


def _at_once(insert: Callable[[sa.Table], Any]) -> sa.Executable:
    """All three in one statement of PostgreSQL; without an order there are no lines."""
    taken = _next_number(insert).cte("taken")
    values = [sa.bindparam(f"order_{name}", type_=_orders.c[name].type) for name in _ORDER_COLUMNS]
    written = (
        insert(_orders)
        .from_select([*_ORDER_COLUMNS, "number"], sa.select(*values, taken.c.last_number))
        .on_conflict_do_nothing(index_elements=["restaurant_id", "submit_key"])
        .returning(_orders.c.number)
        .cte("written")
    )
    line = (
        sa.func.jsonb_to_recordset(sa.cast(sa.bindparam("lines", type_=sa.Text), postgresql.JSONB))
        .table_valued(*(sa.column(name, _lines.c[name].type) for name in _LINE_COLUMNS))
        .render_derived(with_types=True)
    )
    rows = sa.select(*line.columns).select_from(line).join(written, sa.true())
    lined = insert(_lines).from_select(_LINE_COLUMNS, rows).returning(_lines.c.id).cte("lined")
    return sa.select(written.c.number).add_cte(lined)


_COUNTER_COLUMNS = ["id", "created_at", "restaurant_id", "business_day", "last_number"]
_ORDER_COLUMNS = [
    *("id", "restaurant_id", "customer_id", "visit_id", "sitting_id", "table_id", "area_id"),
    *("business_day", "submit_key", "request_hash", "order_kind", "channel", "order_status"),
    *("guest_alias", "allergens", "note", "currency", "subtotal_minor", "discount_minor"),
    *("tax_minor", "total_minor", "placed_at", "created_at"),
]
_LINE_COLUMNS = [
    *("id", "restaurant_id", "order_id", "position", "dish_id", "category_id", "variant_id"),
    *("dish_name", "variant_name", "modifiers", "quantity", "unit_price_minor"),
    *("line_total_minor", "unit_cost_minor", "note", "suggested_quantity", "created_at"),
]
_AT_ONCE = BuiltOnce(_at_once)
_NEXT_NUMBER = BuiltOnce(_next_number)
_INSERT_ORDER = BuiltOnce(
    lambda insert: (
        insert(_orders)
        .on_conflict_do_nothing(index_elements=["restaurant_id", "submit_key"])
        .returning(_orders.c.id)
    )
)
# With a result SQLAlchemy writes all lines in one statement; without, the driver sends each.
_INSERT_LINES = sa.insert(_lines).returning(_lines.c.id)
