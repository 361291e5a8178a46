"""The command `doctor`: looks at everything an installation stands on and says what to do."""

import asyncio
import os
import shutil
import socket
import stat
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from enum import StrEnum
from urllib.parse import urlsplit

import httpx
import sqlalchemy as sa
import typer
from alembic.config import Config
from alembic.script import ScriptDirectory
from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy.exc import DBAPIError

from services.backups import postgres_dump
from services.base import clock
from services.base.database import dispose, reading
from services.base.errors import UnavailableError
from services.base.settings import ROOT, Settings, settings
from services.jobs.backlog import what_waits
from services.privacy import key_mark
from services.privacy.key_mark import Key

LEAST_REDIS = 7
LEAST_FREE_BYTES, SPARE_FREE_BYTES = 500_000_000, 2_000_000_000
MOST_CLOCK_SECONDS = 5.0
LATE_JOB_SECONDS = 600.0
LATE_MESSAGE_SECONDS = 900.0
LEAST_SECRET_LENGTH = 32


class Mark(StrEnum):
    """How a check ended."""

    GOOD = "ok"
    WARNING = "!!"
    BAD = "no"


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: what was found, and what to do about it when it is not good."""

    mark: Mark
    what: str
    found: str
    to_do: str = ""


Check = Callable[[Settings], Awaitable[list[Finding]]]


async def examine(wanted: Settings) -> list[Finding]:
    """Everything that is found, in the order a person would look."""
    findings: list[Finding] = []
    for check in CHECKS:
        findings += await check(wanted)
    return findings


def run() -> None:
    """Print what was found; ends with 1 when something is wrong."""
    try:
        wanted = settings()
    except ValueError as error:
        typer.echo(f"no  Settings: {error}", err=True)
        raise typer.Exit(1) from error

    async def work() -> list[Finding]:
        try:
            return await examine(wanted)
        finally:
            await dispose()

    findings = asyncio.run(work())
    for one in findings:
        typer.echo(f"{one.mark:<3} {one.what:<12} {one.found}")
        if one.to_do:
            typer.echo(f"    {'':<12} → {one.to_do}")
    if any(one.mark is Mark.BAD for one in findings):
        raise typer.Exit(1)


async def _settings(wanted: Settings) -> list[Finding]:
    known = {f"SMARTMENU_{name.upper()}" for name in Settings.model_fields}
    # For commands and scripts of ours, beside the settings.
    known |= {"SMARTMENU_OWNER_PASSWORD", "SMARTMENU_CHROMIUM"}
    unknown = sorted(n for n in os.environ if n.startswith("SMARTMENU_") and n not in known)
    if unknown:
        to_do = "Mistyped? The README lists the settings."
        return [Finding(Mark.WARNING, "Settings", f"unknown: {', '.join(unknown)}", to_do)]
    way = "several processes" if wanted.is_scaled else "one process"
    return [Finding(Mark.GOOD, "Settings", f"{way}, {wanted.workers} worker(s)")]


async def _folder(wanted: Settings) -> list[Finding]:
    folder = wanted.data_folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".doctor-{os.getpid()}"
        probe.write_bytes(b"x")
        probe.unlink()
    except OSError as error:
        to_do = f"Give it to the user that runs SmartMenu: chown -R smartmenu {folder}"
        return [Finding(Mark.BAD, "Data folder", f"{folder}: {error.strerror}", to_do)]
    findings = [Finding(Mark.GOOD, "Data folder", f"{folder}, can be written")]
    if folder.stat().st_mode & stat.S_IRWXO:
        to_do = f"It holds guests' data: chmod 750 {folder}"
        findings = [Finding(Mark.WARNING, "Data folder", "everybody may look into it", to_do)]
    free = shutil.disk_usage(folder).free
    mark = (
        Mark.BAD
        if free < LEAST_FREE_BYTES
        else Mark.WARNING
        if free < SPARE_FREE_BYTES
        else Mark.GOOD
    )
    to_do = "" if mark is Mark.GOOD else "A full disk refuses orders. Make room, or a larger disk."
    return [*findings, Finding(mark, "Disk", f"{free / 1e9:.1f} GB free", to_do)]


async def _secret(wanted: Settings) -> list[Finding]:
    try:
        fits = await _key_of_the_database(wanted)
    except ValueError as error:
        return [Finding(Mark.BAD, "Secret key", "empty", str(error))]
    if fits in {Key.MISSING, Key.OTHER}:
        found = "missing" if fits is Key.MISSING else "not the one of this database"
        to_do = "Put back the old secret.key or SMARTMENU_SECRET_KEY; lost: smartmenu keys accept"
        return [Finding(Mark.BAD, "Secret key", found, to_do)]
    return _stored_secret(wanted)


async def _key_of_the_database(wanted: Settings) -> Key | None:
    """None where there is no database to ask yet; another check tells of that."""
    try:
        async with reading() as session:
            return await key_mark.judge(session, wanted=wanted)
    except (DBAPIError, UnavailableError):
        return None


def _stored_secret(wanted: Settings) -> list[Finding]:
    if wanted.secret_key:
        if len(wanted.secret_key) < LEAST_SECRET_LENGTH:
            to_do = "Take a long random one: openssl rand -hex 32. Changing it forgets all guests!"
            return [Finding(Mark.WARNING, "Secret key", "short", to_do)]
        return [Finding(Mark.GOOD, "Secret key", "from the settings")]
    file = wanted.data_folder / "secret.key"
    if not file.is_file():
        if wanted.is_scaled:
            to_do = "Several machines must share SMARTMENU_SECRET_KEY: openssl rand -hex 32"
            return [Finding(Mark.WARNING, "Secret key", "none yet", to_do)]
        return [Finding(Mark.GOOD, "Secret key", "made at the first start")]
    if file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        to_do = f"It opens all personal data: chmod 600 {file}"
        return [Finding(Mark.BAD, "Secret key", "others may read it", to_do)]
    return [Finding(Mark.GOOD, "Secret key", f"{file}; part of every backup")]


async def _database(wanted: Settings) -> list[Finding]:
    head = ScriptDirectory.from_config(Config(ROOT / "alembic.ini")).get_current_head()
    kind = "SQLite" if wanted.is_sqlite else "PostgreSQL"
    started = time.monotonic()
    try:
        async with reading() as session:
            await session.execute(sa.text("SELECT 1"))
            took = (time.monotonic() - started) * 1000
            try:
                found = await session.scalar(sa.text("SELECT version_num FROM alembic_version"))
            except DBAPIError:
                found = None
    except UnavailableError as error:
        to_do = "Is it running, and is SMARTMENU_DATABASE_URL right (user, password, host, name)?"
        cause = type(error.__cause__).__name__
        return [Finding(Mark.BAD, "Database", f"{kind} does not answer ({cause})", to_do)]
    findings = [Finding(Mark.GOOD, "Database", f"{kind} answers in {took:.0f} ms")]
    if found != head:
        to_do = "smartmenu migrate (after a backup); `smartmenu run` does it too."
        now = found or "empty"
        findings.append(Finding(Mark.BAD, "Schema", f"{now}, wanted {head}", to_do))
    else:
        findings.append(Finding(Mark.GOOD, "Schema", f"at {found}"))
        findings += await _work()
    if not wanted.is_sqlite and not postgres_dump.has_tools():
        to_do = "apt-get install postgresql-client, of the server's version"
        findings.append(Finding(Mark.WARNING, "Backup", "pg_dump is not here", to_do))
    return findings


async def _work() -> list[Finding]:
    async with reading() as session:
        waits = await what_waits(session, now=clock.now())
    findings = [
        Finding(
            Mark.WARNING, "Jobs", f"{job.name} fails", "The log says where: look for job_failed."
        )
        for job in waits.jobs
        if job.is_failing
    ]
    # The one that runs every half minute tells whether anybody ticks.
    youngest = min((job.age_seconds for job in waits.jobs), default=None)
    if youngest is not None and youngest > LATE_JOB_SECONDS:
        to_do = "Fine while SmartMenu is stopped; else start `smartmenu worker`."
        findings.append(Finding(Mark.WARNING, "Jobs", f"last {youngest / 60:.0f} min ago", to_do))
    for box in waits.boxes:
        if box.oldest_seconds > LATE_MESSAGE_SECONDS:
            late = f"{box.count} wait, the first for {box.oldest_seconds / 60:.0f} min"
            to_do = "Nothing is lost. Does a worker run, and does the other side answer?"
            findings.append(Finding(Mark.WARNING, box.box.title(), late, to_do))
    return findings or [Finding(Mark.GOOD, "Work", "nothing is overdue")]


async def _redis(wanted: Settings) -> list[Finding]:
    if not wanted.redis_url:
        return [Finding(Mark.GOOD, "Valkey", "not used: one process needs none")]
    client = Redis.from_url(wanted.redis_url, socket_connect_timeout=3, socket_timeout=3)
    try:
        found = await client.info()
        policy = (await client.config_get("maxmemory-policy")).get("maxmemory-policy", "")
    except (RedisError, OSError) as error:
        to_do = "Is it running, and is SMARTMENU_REDIS_URL right?"
        return [Finding(Mark.BAD, "Valkey", f"no answer ({type(error).__name__})", to_do)]
    finally:
        await client.aclose()
    version = str(found.get("redis_version", "0"))
    findings = [Finding(Mark.GOOD, "Valkey", f"answers as Redis {version}")]
    if int(version.partition(".")[0]) < LEAST_REDIS:
        to_do = "Redis 7 or Valkey 8 and newer."
        findings = [Finding(Mark.BAD, "Valkey", f"{version} is too old", to_do)]
    if policy and policy != "noeviction" and found.get("maxmemory"):
        to_do = "maxmemory-policy noeviction: screens' states must not vanish."
        findings.append(Finding(Mark.WARNING, "Valkey", f"evicts ({policy})", to_do))
    return findings


async def _address(wanted: Settings) -> list[Finding]:
    parts = urlsplit(wanted.public_url)
    host = parts.hostname or ""
    findings: list[Finding] = []
    if host in {"localhost", "127.0.0.1"}:
        to_do = "Phones cannot reach it: set SMARTMENU_PUBLIC_URL to the address guests use."
        findings.append(Finding(Mark.WARNING, "Address", wanted.public_url, to_do))
    elif not wanted.uses_tls:
        to_do = "Put a proxy with TLS in front (docs/operations.md) and set https://."
        findings.append(Finding(Mark.WARNING, "Address", f"{wanted.public_url}, no TLS", to_do))
    else:
        findings.append(Finding(Mark.GOOD, "Address", wanted.public_url))
    if wanted.uses_tls and wanted.trusted_proxy_hops == 0:
        to_do = "SMARTMENU_TRUSTED_PROXY_HOPS=1: else all guests share one limit of tries."
        findings.append(Finding(Mark.BAD, "Proxy", "TLS, but no proxy is trusted", to_do))
    findings.append(await _reachable(wanted))
    return findings


async def _reachable(wanted: Settings) -> Finding:
    """Ask the public address as a phone would; its answer tells the time, too."""
    try:
        async with httpx.AsyncClient(timeout=5) as client:
            answer = await client.get(f"{wanted.public_url}/livez")
    except httpx.HTTPError as error:
        kind = type(error.__cause__ or error).__name__
        to_do = "Fine while SmartMenu is stopped; else look at DNS, firewall, proxy, certificate."
        return Finding(Mark.WARNING, "Reached", f"{wanted.public_url}: {kind}", to_do)
    if answer.status_code != 200 or answer.text != "ok":
        to_do = "Somebody else answers there: does the proxy pass to SmartMenu's port?"
        return Finding(Mark.BAD, "Reached", f"answers {answer.status_code}", to_do)
    return _clock(answer.headers.get("date", "")) or Finding(Mark.GOOD, "Reached", "yes")


def _clock(date: str) -> Finding | None:
    """A machine whose clock is wrong ends visits, log-ins and codes at the wrong moment."""
    try:
        late = abs((clock.now() - parsedate_to_datetime(date)).total_seconds())
    except (TypeError, ValueError):
        return None
    if late <= MOST_CLOCK_SECONDS:
        return None
    to_do = "Turn on time synchronisation: timedatectl set-ntp true"
    return Finding(Mark.WARNING, "Clock", f"{late:.0f} s off the proxy's", to_do)


async def _clock_of_the_database(wanted: Settings) -> list[Finding]:
    if wanted.is_sqlite:
        return [Finding(Mark.GOOD, "Clock", f"{clock.now():%Y-%m-%d %H:%M:%S} UTC")]
    try:
        async with reading() as session:
            theirs = await session.scalar(sa.text("SELECT clock_timestamp()"))
    except UnavailableError:
        return []
    apart = abs((clock.now() - theirs).total_seconds()) if theirs else 0.0
    if apart > MOST_CLOCK_SECONDS:
        to_do = "Turn on time synchronisation on both: timedatectl set-ntp true"
        return [Finding(Mark.BAD, "Clock", f"{apart:.0f} s off the database's", to_do)]
    return [Finding(Mark.GOOD, "Clock", f"as the database's, {apart:.1f} s apart")]


async def _port(wanted: Settings) -> list[Finding]:
    with socket.socket(socket.AF_INET6 if ":" in wanted.host else socket.AF_INET) as probe:
        probe.settimeout(1)
        busy = await asyncio.to_thread(probe.connect_ex, (wanted.host, wanted.port)) == 0
    where = f"{wanted.host}:{wanted.port}"
    return [Finding(Mark.GOOD, "Port", f"{where}, {'in use' if busy else 'free'}")]


CHECKS: tuple[Check, ...] = (
    _settings,
    _folder,
    _secret,
    _database,
    _clock_of_the_database,
    _redis,
    _port,
    _address,
)
