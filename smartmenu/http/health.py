"""Is this process alive, and can it serve?"""

import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from services import live
from services.base.database import reading
from services.base.errors import UnavailableError


async def livez(_request: Request) -> Response:
    """The process answers."""
    return PlainTextResponse("ok")


async def readyz(_request: Request) -> Response:
    """The database answers and, where it is used, Redis."""
    checks = {"database": await _database_answers(), "live": await live.is_connected()}
    return JSONResponse(checks, status_code=200 if all(checks.values()) else 503)


async def _database_answers() -> bool:
    try:
        async with reading() as session:
            await session.execute(sa.text("SELECT 1 FROM restaurants LIMIT 1"))
    except UnavailableError:
        return False
    return True


routes = [Route("/livez", livez), Route("/readyz", readyz)]
