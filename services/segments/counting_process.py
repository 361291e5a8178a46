"""`python -m services.segments.counting_process`: counts customers for `counters`.

Reads lines "RESTAURANT FIRST LAST NOW" until there are no more, and answers each when it is done.
"""

import asyncio
import gc
import sys
from datetime import datetime
from uuid import UUID

from services.base.database import dispose
from services.segments.counters import COUNTED
from services.segments.recompute import count_range

# Rows come and go by ten thousands and hold no cycles; with Python's own numbers, looking for
# cycles among them took a seventh of all the time.
ALLOCATIONS_BEFORE_COLLECTING = 50_000


async def _count() -> None:
    # What was imported stays.
    gc.freeze()
    gc.set_threshold(ALLOCATIONS_BEFORE_COLLECTING)
    try:
        while line := await asyncio.to_thread(sys.stdin.readline):
            *ids, now = line.split()
            restaurant_id, first, last = map(UUID, ids)
            await count_range(
                restaurant_id=restaurant_id,
                first=first,
                last=last,
                now=datetime.fromisoformat(now),
            )
            sys.stdout.write(COUNTED.decode())
            sys.stdout.flush()
    finally:
        await dispose()


if __name__ == "__main__":
    asyncio.run(_count())
