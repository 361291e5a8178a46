"""Three words about a device, and who is no guest at all. The raw user agent is never kept."""

import re
from urllib.parse import urlsplit

# Link previews, crawlers, monitors and libraries. "bot" alone would catch the
# phone maker Cubot, so it needs an end of word behind it and no "cu" before it.
_BOT_WORDS = re.compile(
    r"(?<!cu)bot\b|bots\b|crawl|spider|slurp|facebookexternalhit|facebookcatalog|meta-external"
    r"|whatsapp/|telegram|skypeuripreview|slack-imgproxy|viber|vkshare|embedly|pinterest/"
    r"|bingpreview|preview|lighthouse|phantomjs"
    r"|prerender|google-inspectiontool|googleother|adsbot|mediapartners|feedfetcher|chatgpt-user"
    r"|gptbot|oai-search|claude-|perplexity|bytespider|archive\.org|validator|uptime|pingdom"
    r"|statuscake|monitoring|curl/|wget/|python-|aiohttp|httpx|okhttp|java/|go-http-client|libwww"
    r"|axios|node-fetch|undici|scrapy|httpclient|postman|insomnia",
    re.IGNORECASE,
)
_PREFETCH = re.compile(r"prefetch|prerender|preview", re.IGNORECASE)

_SYSTEMS = (
    ("iPadOS", re.compile(r"iPad")),
    ("iOS", re.compile(r"iPhone|iPod")),
    ("Android", re.compile(r"Android")),
    ("Windows", re.compile(r"Windows")),
    ("ChromeOS", re.compile(r"CrOS")),
    ("macOS", re.compile(r"Macintosh|Mac OS X")),
    ("Linux", re.compile(r"Linux|X11")),
)
# Order matters: nearly every browser also calls itself Chrome, and Chrome calls itself Safari.
_BROWSERS = (
    ("Instagram", re.compile(r"Instagram")),
    ("Facebook", re.compile(r"FBAN|FBAV")),
    ("Samsung Internet", re.compile(r"SamsungBrowser/")),
    ("Edge", re.compile(r"Edg(?:A|iOS)?/")),
    ("Opera", re.compile(r"OPR/|OPT/|Opera")),
    ("Firefox", re.compile(r"Firefox/|FxiOS/")),
    ("Chrome", re.compile(r"Chrome/|CriOS/")),
    ("Safari", re.compile(r"Safari/|AppleWebKit/")),
)
_MAX_HOST = 200


def looks_like_bot(user_agent: str, *, purpose: str = "") -> bool:
    """Whether a request comes from no guest: link previews, prefetchers, crawlers, libraries.

    Such a request may read the menu; it begins no visit and occupies no table.

    Args:
        user_agent: the header as it came. Nothing at all is no browser either.
        purpose: the header Sec-Purpose, Purpose or X-Moz, whichever is there.
    """
    if not user_agent.strip() or _PREFETCH.search(purpose):
        return True
    return _BOT_WORDS.search(user_agent) is not None


def device_info(user_agent: str) -> dict[str, str]:
    """Kind, system and browser of a device, one word each: {"kind": "phone", ...}.

    Versions and models are left out on purpose: they would tell guests apart.
    """
    system = next((name for name, sign in _SYSTEMS if sign.search(user_agent)), "other")
    browser = next((name for name, sign in _BROWSERS if sign.search(user_agent)), "other")
    return {"kind": _kind(user_agent, system), "system": system, "browser": browser}


def host_only(referrer: str) -> str | None:
    """The host of an address; None when there is none. Paths and searches of others stay theirs."""
    try:
        host = urlsplit(referrer if "//" in referrer else f"//{referrer}").hostname
    except ValueError:
        return None
    return host[:_MAX_HOST] if host else None


def _kind(user_agent: str, system: str) -> str:
    if system == "iPadOS" or "Tablet" in user_agent:
        return "tablet"
    if system == "Android":
        # Google's rule: Android with "Mobile" is a phone, without it a tablet.
        return "phone" if "Mobile" in user_agent else "tablet"
    if system == "iOS" or "Mobile" in user_agent:
        return "phone"
    return "other" if system == "other" else "computer"
