"""What the planner knows of the rows: without it SQLite believes that a restaurant has ten orders.

Tried with eight times the past: the floor, the board and a table's card read eight times the rows,
because an index that begins with the restaurant looked as good as the one of the sitting.
PostgreSQL keeps its statistics itself; there this only hastens it after a load.
"""

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from services.base.database import database

# A sample: milliseconds, however long the history is. PostgreSQL samples by itself.
SAMPLE = "PRAGMA analysis_limit=1000"
ANALYZE = ("ANALYZE",)


async def refresh(session: AsyncSession) -> None:
    """Look at a sample of every index of a SQLite database again.

    Args:
        session: open transaction of a writer.
    """
    if database().is_sqlite:
        await session.execute(sa.text(SAMPLE))
        await session.execute(sa.text("ANALYZE"))
