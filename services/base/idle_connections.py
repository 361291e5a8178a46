"""A connection that lay idle is asked whether it still lives before somebody gets it."""

import time

from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

# SQLAlchemy's own `pool_pre_ping` asks each time: under load, when a connection comes back after
# milliseconds, that was one of an order's ten round trips.
IDLE_SECONDS = 1.0
_BACK_SINCE = "back_since"


def ask_idle_ones(made: AsyncEngine) -> None:
    """Ask connections of an engine; one that is dead takes all of its age with it."""
    dialect, pool = made.sync_engine.dialect, made.sync_engine.pool

    def came_back(_connection: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
        entry.info[_BACK_SINCE] = time.monotonic()

    def goes_out(
        connection: DBAPIConnection, entry: ConnectionPoolEntry, _proxy: PoolProxiedConnection
    ) -> None:
        since = entry.info.get(_BACK_SINCE)
        if since is None or time.monotonic() - since < IDLE_SECONDS:
            return
        try:
            dialect.do_ping(connection)
        except dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error

    event.listen(pool, "checkin", came_back)
    event.listen(pool, "checkout", goes_out)
