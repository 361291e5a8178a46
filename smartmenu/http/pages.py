"""Whole pages without a State: what is not here, and what cannot be served now."""

from functools import cache

from starlette.requests import Request
from starlette.responses import HTMLResponse

from components.markup import STATIC as h
from components.markup import Html, icon
from services.base.texts import N_, choose_language, direction, languages, translate
from smartmenu.http.answers import RETRY_SECONDS
from smartmenu.http.guests import wanted_languages
from smartmenu.http.policy import policy
from smartmenu.http.shell import GUEST_SHEETS, client_file


def missing_page(request: Request) -> HTMLResponse:
    """A friendly 404 for a guest whose address leads nowhere."""
    return _page(
        request,
        404,
        drawing="search",
        title=N_("There is no menu here"),
        lead=N_(
            "The address may have been mistyped, or the restaurant has moved. "
            "Scan the code on the table again, or ask the staff."
        ),
    )


def missing_link_page(request: Request) -> HTMLResponse:
    """A link to a reservation or a place in the queue that opens nothing."""
    return _page(
        request,
        404,
        drawing="search",
        title=N_("This link opens nothing"),
        lead=N_("It may be cut off. Open it again from the message, or ask the staff."),
    )


def unavailable_page(request: Request) -> HTMLResponse:
    """The database is away: nothing is lost, and trying again helps."""
    answer = _page(
        request,
        503,
        drawing="wifi-off",
        title=N_("The menu is not reachable right now"),
        lead=N_("Nothing is lost. This page tries again by itself in a few seconds."),
        refresh_seconds=RETRY_SECONDS,
    )
    answer.headers["retry-after"] = str(RETRY_SECONDS)
    return answer


def failed_page(request: Request, number: str) -> HTMLResponse:
    """An error nobody expected; its number stands in the log too."""
    answer = _page(
        request,
        500,
        drawing="circle-alert",
        title=N_("Something went wrong here"),
        lead=N_("Please try again. If it happens again, tell the staff this number: {number}."),
        number=number,
    )
    answer.headers["cache-control"] = "no-store"
    return answer


def _page(
    request: Request,
    status: int,
    *,
    drawing: str,
    title: str,
    lead: str,
    refresh_seconds: int = 0,
    **facts: str,
) -> HTMLResponse:
    # Nobody knows the restaurant here, so every language of the interface is offered.
    language = choose_language(wanted_languages(request), list(languages()))
    main = h(
        "main",
        icon(h, drawing, extra="ill"),
        h("h1", translate(language, title)),
        h("p", translate(language, lead, **facts)),
        cls="em page nobar",
    )
    refresh = (
        Html(f'<meta http-equiv="refresh" content="{refresh_seconds}">') if refresh_seconds else ""
    )
    html = (
        f'<!DOCTYPE html><html lang="{language}" dir="{direction(language)}">'
        '<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{translate(language, title)}</title>{refresh}"
        f'<link rel="icon" href="/favicon.svg" type="image/svg+xml">'
        f"<style>{_sheets()}</style></head>"
        f'<body class="guest">{main}</body></html>'
    )
    return HTMLResponse(html, status, {"content-security-policy": policy(html)})


@cache
def _sheets() -> str:
    return "".join(client_file(name).read_text(encoding="utf-8") for name in GUEST_SHEETS)
