"""Dashboards and reports as files."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.accounts.types import Permission
from services.base import addresses, clock
from services.base.database import reading
from services.base.errors import ForbiddenError, NotFoundError
from services.base.texts import N_
from services.base.threads import in_thread
from services.customers.spreadsheets import MEDIA_TYPES, FileKind
from services.reports import files
from services.reports.building import build_report
from services.reports.following import today_of
from services.reports.periods import read_span
from services.reports.types import ReportKind
from services.restaurants import queries as restaurants
from smartmenu.http.access import get_actor, staff_only

PDF = "pdf"
# These name guests one by one: to have them is to have a list of guests.
_LISTS_GUESTS = frozenset({ReportKind.CUSTOMERS, ReportKind.VISITS, ReportKind.DASHBOARD})


async def report_file(request: Request) -> Response:
    """GET /staff/reports/{kind}.{ending}: a report as CSV, XLSX or PDF; `section` for one table."""
    actor = await get_actor(request, Permission.VIEW_REVENUE)
    kind, ending = _wanted(request)
    if kind in _LISTS_GUESTS and not actor.can(Permission.EXPORT_CUSTOMERS):
        raise ForbiddenError(N_("Your role does not allow this."))
    now = clock.now()
    async with reading() as session:
        restaurant = await restaurants.get(session, actor.restaurant_id)
        span = read_span(request.query_params, today=today_of(restaurant, now))
        report = await build_report(session, kind=kind, restaurant=restaurant, span=span, now=now)
    section = request.query_params.get("section", "")
    if section and section not in {one.key for one in report.sections}:
        raise NotFoundError(N_("There is no such table."))
    if ending == PDF:
        content = await files.to_pdf(report, restaurant=restaurant, now=now)
    else:
        make = files.to_csv if ending == FileKind.CSV else files.to_xlsx
        content = await in_thread(make, report, section)
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


routes = [
    Route(
        addresses.report_file("{kind}", "{ending}"),
        staff_only(report_file, back_to=addresses.STAFF_DASHBOARD),
        methods=["GET"],
    )
]
