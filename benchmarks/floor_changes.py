"""From a change of one table among 300 to every floor that is open."""

import asyncio
import json
import statistics
import subprocess
import sys
import time
import uuid
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from benchmarks import screens
from benchmarks.installation import Installation, embedded, scaled
from benchmarks.report import Figure, Section, percentile
from benchmarks.screens import NAMESPACE, Screen
from models.restaurants import Restaurant
from models.seating import Area, Sitting, Table
from services.base import addresses
from services.base.database import transaction
from services.base.settings import ROOT
from smartmenu.build import build

SCREENS, TABLES, CHANGES = 50, 300, 24
PAUSE_SECONDS, SETTLE_SECONDS = 0.4, 2.0
EMBEDDED_TARGET_MS, SCALED_TARGET_MS = 100, 200
MOST_BYTES = 8_000
HALL = "Hall of the benchmark"
PANEL = "reflex___state____state.state___staff___table_panel____table_panel_state"
# What the floor's state says once it shows the room.
FLOOR = "floor____floor_state"


def measure() -> Section:
    """Both ways of running, one after the other."""
    build()
    section = Section(
        key="floor-changes",
        title="A change of a table reaches every floor",
        how=(
            f"{TABLES} tables, half of them taken. {SCREENS} floors of the demo's people are open. "
            f"{CHANGES} times somebody opens a table's panel and sets it to cleaning or free, one "
            f"every {PAUSE_SECONDS} s. Measured from before the event is sent until each socket "
            "has the news of that table. The client that holds the sockets runs on the same cores."
        ),
    )
    _measure(section, embedded(), "One process, SQLite", EMBEDDED_TARGET_MS)
    _measure(section, scaled(), "Two workers, PostgreSQL, Valkey", SCALED_TARGET_MS)
    return section


def _measure(
    section: Section, way: AbstractContextManager[Installation], name: str, target_ms: int
) -> None:
    with way as installation:
        command = [sys.executable, "-m", "benchmarks.floor_changes", installation.slug]
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=installation.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        delays_ms, sizes, first_bytes = asyncio.run(
            _run(installation, json.loads(done.stdout.splitlines()[-1]))
        )
    p95 = percentile(delays_ms, 95)
    section.figures += [
        Figure(
            f"{name}: p95", f"{p95:.0f} ms", target=f"<= {target_ms} ms", is_met=p95 <= target_ms
        ),
        Figure(f"{name}: median", f"{statistics.median(delays_ms):.0f} ms"),
        Figure(f"{name}: slowest of {len(delays_ms)}", f"{max(delays_ms):.0f} ms"),
        Figure(
            f"{name}: largest message of a change",
            f"{max(sizes) / 1000:.1f} KB",
            f"the whole room {first_bytes / 1000:.0f} KB",
            target=f"<= {MOST_BYTES // 1000} KB",
            is_met=max(sizes) <= MOST_BYTES,
        ),
    ]


async def _run(
    installation: Installation, table_ids: list[str]
) -> tuple[list[float], list[int], int]:
    """Delays in ms, sizes of the messages in bytes, and of the first one."""
    async with screens.open_screens(
        installation, count=SCREENS, page=addresses.STAFF_FLOOR, state=FLOOR, without="kitchen"
    ) as opened:
        await asyncio.sleep(SETTLE_SECONDS)
        first_bytes = max(len(text) for _, text in opened[0].heard)
        for screen in opened:
            screen.heard.clear()
        sent: list[Change] = []
        for number in range(CHANGES):
            screen = opened[number % len(opened)]
            change = Change(table_ids[number], "cleaning", time.perf_counter())
            await _send(screen, "open_table", {"table_id": change.table_id})
            await asyncio.sleep(PAUSE_SECONDS)
            change.started = time.perf_counter()
            await _send(screen, "set_state", {"status": change.status})
            sent.append(change)
            await asyncio.sleep(PAUSE_SECONDS)
        await asyncio.sleep(SETTLE_SECONDS)
        found = [(change, change.told(screen)) for change in sent for screen in opened]
        delays = [(moment - change.started) * 1000 for change, (moment, _) in found]
        return delays, [size for _, (_, size) in found], first_bytes


@dataclass(slots=True)
class Change:
    """One table set to a state."""

    table_id: str
    status: str
    started: float

    def told(self, screen: Screen) -> tuple[float, int]:
        """When a screen heard of it, and how long that message was."""
        for moment, text in screen.heard:
            if moment >= self.started and self.is_in(text):
                return moment, len(text)
        msg = f"A screen never heard of table {self.table_id}."
        raise RuntimeError(msg)

    def is_in(self, text: str) -> bool:
        """Whether a message tells of the table in its new state."""
        if f'"{self.table_id}":{{' not in text.replace(" ", ""):
            return False
        news = _news(json.loads(text[text.index("[") :]))
        return news.get("tables", {}).get(self.table_id, {}).get("status") == self.status


def _news(message: list[Any]) -> dict[str, Any]:
    update: Any = message[1]
    if isinstance(update, str):
        update = json.loads(update)
    for state in update.get("delta", {}).values():
        for name, value in state.items():
            if name.removesuffix("_rx_state_") == "news":
                return value
    return {}


async def _send(screen: Screen, handler: str, payload: dict[str, str]) -> None:
    event = {
        "name": f"{PANEL}.{handler}",
        "payload": payload,
        "router_data": {
            "pathname": addresses.STAFF_FLOOR,
            "asPath": addresses.STAFF_FLOOR,
            "query": {},
        },
        "token": str(uuid.uuid4()),
    }
    await screen.socket.send_str(f"42{NAMESPACE}," + json.dumps(["event", event]))


async def _fill(slug: str) -> None:
    """Bring the demo's room to 300 tables, a party at half of the new ones; tells the free ones.

    A demo that is kept from run to run has them already: its free tables are free again.
    """
    async with transaction() as session:
        restaurant_id = await session.scalar(
            sa.select(col(Restaurant.id)).where(col(Restaurant.slug) == slug)
        )
        assert restaurant_id is not None
        mine = col(Table.restaurant_id) == restaurant_id
        known = await session.scalar(sa.select(sa.func.count()).where(mine))
        if (known or 0) < TABLES:
            await _add_tables(session, restaurant_id, TABLES - (known or 0))
        await session.execute(
            sa.update(Table)
            .where(mine, col(Table.area_id).in_(_halls()))
            .values(status="available")
        )
        taken = sa.select(col(Sitting.table_id)).where(col(Sitting.released_at).is_(None))
        free = await session.scalars(
            sa.select(col(Table.id))
            .where(mine, col(Table.area_id).in_(_halls()), col(Table.id).not_in(taken))
            .order_by(col(Table.id))
        )
        print(json.dumps([str(one) for one in free]))


def _halls() -> sa.Select[Any]:
    return sa.select(col(Area.id)).where(col(Area.name) == HALL)


async def _add_tables(session: AsyncSession, restaurant_id: uuid.UUID, count: int) -> None:
    now = datetime.now(UTC)
    area = Area(restaurant_id=restaurant_id, name=HALL, position=99, created_at=now)
    session.add(area)
    await session.flush()
    rows = [
        Table(
            restaurant_id=restaurant_id,
            area_id=area.id,
            table_number=f"H{number}",
            capacity=4,
            created_at=now,
        )
        for number in range(count)
    ]
    session.add_all(rows)
    await session.flush()
    session.add_all(
        Sitting(
            restaurant_id=restaurant_id,
            table_id=row.id,
            area_id=area.id,
            opened_at=now,
            opened_by="staff",
            last_activity_at=now,
            party_size=3,
            created_at=now,
        )
        for row in rows[::2]
    )


if __name__ == "__main__":
    asyncio.run(_fill(sys.argv[1]))
