"""Build the browser's part once; starting is another step. One build serves any address.

Reflex writes the server's address into the scripts. Here a placeholder is built in and then
replaced by the page's own origin, so that an image built once runs under every host and port.
"""

import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import brotli

from services.base.settings import ROOT

PLACEHOLDER_HOST = "smartmenu.invalid"
WEB = ROOT / ".web"
CLIENT = WEB / "build" / "client"
STAMP = WEB / "build" / "smartmenu.stamp"
SOURCES = (
    "smartmenu",
    "pages",
    "components",
    "state",
    "services",
    "models",
    "assets",
    "reflex.lock",
)
_MADE = {"__pycache__", "external"}
SUFFIXES = {".py", ".js", ".jsx", ".css", ".svg", ".json", ".lock", ".woff2", ".po", ".toml"}


def source_hash() -> str:
    """SHA-256 over everything that ends up in the browser's part."""
    digest = hashlib.sha256((ROOT / "rxconfig.py").read_bytes())
    for folder in SOURCES:
        for path in sorted((ROOT / folder).rglob("*")):
            # assets/external holds links that Reflex makes to files of components/ while it builds.
            if path.suffix in SUFFIXES and not _MADE & set(path.parts) and path.is_file():
                digest.update(str(path.relative_to(ROOT)).encode())
                digest.update(_content(path))
    return digest.hexdigest()


def _content(path: Path) -> bytes:
    """What a source says. The build writes reflex.lock/package.json anew, spaced differently."""
    data = path.read_bytes()
    return json.dumps(json.loads(data), sort_keys=True).encode() if path.suffix == ".json" else data


def is_built() -> bool:
    """Whether the build on disk is of these sources."""
    return STAMP.is_file() and STAMP.read_text(encoding="ascii") == source_hash()


def build(*, force: bool = False) -> bool:
    """Build unless the build on disk is of these sources. Returns whether it had to."""
    if is_built() and not force:
        return False
    fingerprint = source_hash()
    environment = os.environ | {
        "REFLEX_API_URL": f"http://{PLACEHOLDER_HOST}",
        "REFLEX_DEPLOY_URL": f"http://{PLACEHOLDER_HOST}",
        "REFLEX_USE_SYSTEM_BUN": "1",
        "REFLEX_TELEMETRY_ENABLED": "false",
        "REFLEX_CHECK_LATEST_VERSION": "false",
        # The bun of the wheel lies beside this Python.
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
    }
    # A stale build must not survive a failed one.
    shutil.rmtree(WEB / "build", ignore_errors=True)
    done = subprocess.run(
        [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip", "--env", "prod"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0 or not CLIENT.is_dir():
        sys.stderr.write(done.stdout + done.stderr)
        msg = "The browser's part could not be built; the messages above say why."
        raise SystemExit(msg)
    _use_own_origin()
    _tidy_lock()
    STAMP.write_text(fingerprint, encoding="ascii")
    return True


def _tidy_lock() -> None:
    """Write the lock's package list as it is committed: Reflex leaves it in one line or in many."""
    path = ROOT / "reflex.lock" / "package.json"
    path.write_text(json.dumps(json.loads(path.read_text()), indent=2), encoding="utf-8")


def _use_own_origin() -> None:
    """Let the scripts talk to the host they came from."""
    replacements = {
        f'"ws://{PLACEHOLDER_HOST}': '(globalThis.location?.origin??"").replace(/^http/,"ws")+"',
        f'"http://{PLACEHOLDER_HOST}': '(globalThis.location?.origin??"")+"',
    }
    changed = 0
    for path in [*CLIENT.rglob("*.js")]:
        text = path.read_text(encoding="utf-8")
        if PLACEHOLDER_HOST not in text:
            continue
        for old, new in replacements.items():
            text = text.replace(old, new).replace(old.replace('"', "`"), new.replace('+"', "+`"))
        if PLACEHOLDER_HOST in text:
            msg = f"{path.name} names the placeholder in a way this build step does not know."
            raise SystemExit(msg)
        path.write_text(text, encoding="utf-8")
        _compress(path)
        changed += 1
    if not changed:
        msg = "No script names the server's address: Reflex's build has changed."
        raise SystemExit(msg)


def _compress(path: Path) -> None:
    data = path.read_bytes()
    path.with_name(path.name + ".br").write_bytes(brotli.compress(data, quality=11))
    path.with_name(path.name + ".gz").write_bytes(gzip.compress(data, 9, mtime=0))
