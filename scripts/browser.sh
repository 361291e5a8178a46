#!/usr/bin/env bash
# Print the path of a Chromium that starts; install one when there is none. Everything else goes to stderr.
# Looks at: $SMARTMENU_CHROMIUM, the programs on the PATH, macOS's applications, Playwright's cache.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$@" >&2; }

# Ubuntu's chromium-browser is a script that only points to a snap: a browser counts when it tells its version.
starts() { [ -x "$1" ] && "$1" --version >/dev/null 2>&1; }

playwright_chromium() {
    [ -x .venv/bin/python ] || return 0
    .venv/bin/python - <<'PYTHON' 2>/dev/null || true
from playwright.sync_api import sync_playwright

with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
PYTHON
}

find_chromium() {
    local name path
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        path=$(command -v "$name" || true)
        if [ -n "$path" ] && starts "$path"; then
            echo "$path"
            return
        fi
    done
    for path in "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" \
        "/Applications/Chromium.app/Contents/MacOS/Chromium" "$(playwright_chromium)"; do
        if starts "$path"; then
            echo "$path"
            return
        fi
    done
    return 1
}

install_debian() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
    say "No Chromium found. Installing Debian's package (about 100 MB) ..."
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -yqq chromium; } >/dev/null
}

install_playwright() {
    [ -x .venv/bin/playwright ] || return 1
    say "No Chromium found. Downloading Playwright's into your cache (about 170 MB) ..."
    .venv/bin/playwright install chromium >/dev/null
}

if [ -n "${SMARTMENU_CHROMIUM:-}" ]; then
    starts "$SMARTMENU_CHROMIUM" || {
        say "SMARTMENU_CHROMIUM=$SMARTMENU_CHROMIUM is not a browser that starts."
        exit 1
    }
    echo "$SMARTMENU_CHROMIUM"
    exit
fi

find_chromium && exit
for install in install_debian install_playwright; do
    if "$install" && find_chromium; then
        exit
    fi
done
say "The browser tests need Chromium, and none could be installed here." \
    "Install it (sudo apt-get install chromium, or .venv/bin/playwright install --with-deps chromium)," \
    "or set SMARTMENU_CHROMIUM to the path of a Chromium or Chrome."
exit 1
