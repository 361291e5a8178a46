#!/usr/bin/env bash
# Prepare .venv: `scripts/setup.sh app` for running, `scripts/setup.sh dev` for tests and checks too.
# What is installed is remembered as copies in .venv/installed, so a second call only compares files.
set -euo pipefail
cd "$(dirname "$0")/.."

wanted=${1:-app}
python=${PYTHON:-python3}
installed=.venv/installed

fail() {
    printf '%s\n' "$@" >&2
    exit 1
}

make_venv() {
    command -v "$python" >/dev/null || fail "SmartMenu needs Python 3.11 or newer; '$python' was not found." \
        "Install it, or name it: make PYTHON=/path/to/python3.12 ..."
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || fail \
        "SmartMenu needs Python 3.11 or newer; '$python' is $("$python" -V 2>&1)." \
        "Name another one: make PYTHON=python3.12 ..."
    rm -rf .venv
    # Debian and Ubuntu ship Python without the module that puts pip into a new environment.
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        local package
        package=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
        { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; } ||
            fail "This Python cannot make virtual environments. On Debian or Ubuntu: sudo apt-get install $package"
        echo "Installing $package ..."
        { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -yqq "$package"; } >/dev/null ||
            fail "apt-get could not install $package."
    fi
    "$python" -m venv .venv
    mkdir "$installed"
    origin >"$installed/origin"
}

same() { cmp -s "$1" "$installed/${1##*/}"; }

# A moved folder or an upgraded Python leaves an environment that no longer works.
origin() { .venv/bin/python -c 'import sys; print("Python %d.%d for" % sys.version_info[:2], *sys.argv[1:])' "$PWD"; }

if ! origin 2>/dev/null | cmp -s - "$installed/origin"; then
    make_venv
fi

if ! same "requirements/$wanted.txt"; then
    echo "Installing the packages of requirements/$wanted.txt (the first time takes a minute or two) ..."
    .venv/bin/python -m pip install -qq --disable-pip-version-check \
        --require-hashes -r "requirements/$wanted.txt"
    cp "requirements/$wanted.txt" "$installed/"
    # dev.txt holds everything that app.txt does.
    cp requirements/app.txt "$installed/"
fi

if ! same pyproject.toml; then
    .venv/bin/python -m pip install -qq --disable-pip-version-check \
        --no-deps --no-build-isolation --editable .
    cp pyproject.toml "$installed/"
fi
