import pytest

from services.identity.devices import device_info, host_only, looks_like_bot

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1"
)
PIXEL = (
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/131.0.0.0 Mobile Safari/537.36"
)
GALAXY_TAB = (
    "Mozilla/5.0 (Linux; Android 14; SM-X710) AppleWebKit/537.36 (KHTML, like Gecko) "
    "SamsungBrowser/27.0 Chrome/125.0.0.0 Safari/537.36"
)
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0"
)
CUBOT = (
    "Mozilla/5.0 (Linux; Android 13; CUBOT P80) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/120.0.0.0 Mobile Safari/537.36"
)
INSTAGRAM = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Mobile/21G80 Instagram 350.0.0.25.92"
)


@pytest.mark.parametrize(
    ("user_agent", "kind", "system", "browser"),
    [
        (IPHONE, "phone", "iOS", "Safari"),
        (PIXEL, "phone", "Android", "Chrome"),
        (GALAXY_TAB, "tablet", "Android", "Samsung Internet"),
        (EDGE, "computer", "Windows", "Edge"),
        (CUBOT, "phone", "Android", "Chrome"),
        (INSTAGRAM, "phone", "iOS", "Instagram"),
        ("something else", "other", "other", "other"),
    ],
)
def test_a_device_becomes_three_words(
    user_agent: str, kind: str, system: str, browser: str
) -> None:
    assert device_info(user_agent) == {"kind": kind, "system": system, "browser": browser}


@pytest.mark.parametrize("user_agent", [IPHONE, PIXEL, GALAXY_TAB, EDGE, CUBOT, INSTAGRAM])
def test_guests_are_no_bots(user_agent: str) -> None:
    assert not looks_like_bot(user_agent)


@pytest.mark.parametrize(
    "user_agent",
    [
        "",
        "   ",
        "WhatsApp/2.24.20.89 A",
        "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
        "TelegramBot (like TwitterBot)",
        "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
        "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
        "LinkedInBot/1.0 (compatible; Mozilla/5.0)",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
        "Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)",
        "Mozilla/5.0 AppleWebKit/537.36 (compatible; ClaudeBot/1.0)",
        "curl/8.5.0",
        "python-requests/2.32.3",
        "Go-http-client/2.0",
    ],
)
def test_previews_crawlers_and_libraries_are_bots(user_agent: str) -> None:
    assert looks_like_bot(user_agent)


@pytest.mark.parametrize("purpose", ["prefetch", "prefetch;prerender", "Preview"])
def test_a_prefetching_phone_is_no_guest_yet(purpose: str) -> None:
    assert looks_like_bot(IPHONE, purpose=purpose)


@pytest.mark.parametrize(
    ("referrer", "host"),
    [
        ("https://www.google.com/search?q=my+name", "www.google.com"),
        ("example.org/path", "example.org"),
        ("https://user:pass@example.org:8443/x", "example.org"),
        ("", None),
        ("http://[broken", None),
        ("https://", None),
    ],
)
def test_of_a_referrer_only_the_host_stays(referrer: str, host: str | None) -> None:
    assert host_only(referrer) == host


def test_a_browser_without_a_screen_is_a_browser() -> None:
    """Who automates the menu, to test it or to help somebody who cannot see it, is a guest."""
    assert not looks_like_bot(
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/131.0.0.0 Safari/537.36"
    )
