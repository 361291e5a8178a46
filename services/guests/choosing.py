"""Who may say "I'm at another table", and how often.

The sheet with the room's tables stands on every menu, and a menu's address is public. Choosing from
it is for guests who are here: somebody with the bare address would read what every table ordered,
occupy the room, and order to a table whose photographed code was replaced.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import CodeKind
from models.seating import Sitting, Table, TableCode
from models.visits import Visit
from services.base.limits import count_try
from services.identity.types import Guest
from services.seating.errors import NotSeatedError

WINDOW = timedelta(hours=1)
# A guest sits down wrong, moves out of the sun, joins friends.
MOST_MOVES = 6
# Made-up cookies make as many guests as somebody likes, all with the code that one table has.
MOST_MOVES_OF_A_CODE = 40
_SEATING = (CodeKind.TABLE, CodeKind.AREA)


async def may_choose(session: AsyncSession, *, guest: Guest) -> bool:
    """Whether a guest is here: they sit somewhere, or came by a code of a table or area that holds.

    A code that was replaced chooses nothing, and neither do those that hang outside.
    """
    found = await session.scalar(
        sa.select(sa.literal(1))
        .select_from(Visit)
        .outerjoin(Sitting, col(Sitting.id) == col(Visit.sitting_id))
        .outerjoin(TableCode, col(TableCode.id) == col(Visit.table_code_id))
        .outerjoin(Table, col(Table.id) == col(TableCode.table_id))
        .where(
            col(Visit.restaurant_id) == guest.restaurant_id,
            col(Visit.id) == guest.visit_id,
            sa.or_(
                sa.and_(col(Sitting.id).is_not(None), col(Sitting.released_at).is_(None)),
                sa.and_(
                    col(TableCode.kind).in_(_SEATING),
                    col(TableCode.revoked_at).is_(None),
                    sa.or_(col(Table.id).is_(None), col(Table.is_active)),
                ),
            ),
        )
    )
    return found is not None


async def admit(session: AsyncSession, *, guest: Guest, visit: Visit, now: datetime) -> None:
    """Let a guest choose a table, some times.

    Raises:
        NotSeatedError: nothing shows that they are here.
        TooManyTriesError: they, or all who came by their code, have moved very often.
    """
    if not await may_choose(session, guest=guest):
        raise NotSeatedError
    await count_try(session, key=f"move:{visit.id}", limit=MOST_MOVES, window=WINDOW, now=now)
    if visit.table_code_id is not None:
        await count_try(
            session,
            key=f"move:{visit.table_code_id}",
            limit=MOST_MOVES_OF_A_CODE,
            window=WINDOW,
            now=now,
        )
