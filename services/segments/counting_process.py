"""`python -m services.segments.counting_process RESTAURANT FIRST LAST NOW`: counts customers.

Started by a recompute, so that counting does not take the processor from guests.
"""

import asyncio
import sys
from datetime import datetime
from uuid import UUID

from services.base.database import dispose
from services.segments.recompute import count_range


async def _count(words: list[str]) -> None:
    restaurant_id, first, last = (UUID(word) for word in words[:3])
    try:
        await count_range(
            restaurant_id=restaurant_id,
            first=first,
            last=last,
            now=datetime.fromisoformat(words[3]),
        )
    finally:
        await dispose()


if __name__ == "__main__":
    asyncio.run(_count(sys.argv[1:]))
