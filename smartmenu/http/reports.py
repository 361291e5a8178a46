"""Dashboards and reports as files."""

import asyncio
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from services.accounts.errors import NotLoggedInError
from services.accounts.types import Permission
from services.base import addresses, clock
from services.base.database import reading
from services.base.errors import ForbiddenError, NotFoundError, SmartMenuError
from services.base.texts import N_
from services.customers.spreadsheets import MEDIA_TYPES, FileKind
from services.reports import files
from services.reports.building import build_report
from services.reports.following import today_of
from services.reports.periods import read_span
from services.reports.types import ReportKind
from services.restaurants import queries as restaurants
from smartmenu.http.access import get_actor
from smartmenu.http.answers import refusal

PDF = "pdf"
# These two name guests, one by one: they are a list of them.
_LISTS_GUESTS = frozenset({ReportKind.CUSTOMERS, ReportKind.VISITS, ReportKind.DASHBOARD})


async def report_file(request: Request) -> Response:
    """GET /staff/reports/{kind}.{ending}: a report as CSV, XLSX or PDF; `section` for one table."""
    try:
        actor = await get_actor(request, Permission.VIEW_REVENUE)
        kind, ending = _wanted(request)
        if kind in _LISTS_GUESTS and not actor.can(Permission.EXPORT_CUSTOMERS):
            raise ForbiddenError(N_("Your role does not allow this."))
        now = clock.now()
        async with reading() as session:
            restaurant = await restaurants.get(session, actor.restaurant_id)
            span = read_span(request.query_params, today=today_of(restaurant, now))
            report = await build_report(
                session, kind=kind, restaurant=restaurant, span=span, now=now
            )
        section = request.query_params.get("section", "")
        if section and section not in {one.key for one in report.sections}:
            raise NotFoundError(N_("There is no such table."))
        if ending == PDF:
            content = await files.to_pdf(report, restaurant=restaurant, now=now)
        else:
            make = files.to_csv if ending == FileKind.CSV else files.to_xlsx
            content = await asyncio.to_thread(make, report, section)
    except NotLoggedInError:
        query = urlencode({"next": addresses.STAFF_DASHBOARD})
        return RedirectResponse(f"{addresses.LOGIN}?{query}", 303)
    except SmartMenuError as error:
        return refusal(error)
    days = f"{span.period.first_day}-{span.period.last_day}"
    name = "-".join(part for part in (restaurant.slug, kind.value, section, days) if part)
    return Response(
        content,
        media_type="application/pdf" if ending == PDF else MEDIA_TYPES[FileKind(ending)],
        headers={
            "content-disposition": f'attachment; filename="{name}.{ending}"',
            "cache-control": "private, no-store",
        },
    )


def _wanted(request: Request) -> tuple[ReportKind, str]:
    kind, ending = request.path_params["kind"], request.path_params["ending"]
    if kind not in set(ReportKind) or ending not in {*FileKind, PDF}:
        raise NotFoundError(N_("There is no such report."))
    return ReportKind(kind), ending


routes = [Route(addresses.report_file("{kind}", "{ending}"), report_file, methods=["GET"])]
