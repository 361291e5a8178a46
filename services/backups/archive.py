"""One file that holds an installation: database, pictures, and the key of personal data."""

import hashlib
import io
import tarfile
import tempfile
import zlib
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from services.backups import postgres_dump, sqlite_copy
from services.backups.errors import NotABackupError, NotEmptyError
from services.backups.types import (
    DUMP_FILE,
    KEYS_FILE,
    MANIFEST,
    PICTURES,
    SECRET_FILE,
    SQLITE_FILE,
    Manifest,
)
from services.base.texts import N_

MOST_MANIFEST_BYTES = 10_000
# Fast rather than small: pictures and dumps are compressed already, and disks are cheap.
COMPRESSION = 1
# What reading a damaged file ends with, by where it is damaged.
_DAMAGED = (tarfile.TarError, OSError, EOFError, zlib.error)


@dataclass(frozen=True, slots=True)
class Place:
    """What a backup is made of, or put into."""

    database_url: str
    # Of SQLite only.
    database_file: Path | None
    data_folder: Path


def make(
    place: Place, target: Path, *, revision: str, with_secret: bool, now: datetime
) -> Manifest:
    """Write a backup while the installation runs; half a file never stands under its name.

    Pictures are taken before the database is copied, and once more after: what the copy shows is
    among them, whether it was put there or taken away meanwhile.

    Args:
        place: of the installation.
        target: the file to write, `.tar.gz`.
        revision: of the schema, for PostgreSQL; SQLite's copy tells its own.
        with_secret: the secret and the keys of personal data go along.
        now: aware UTC.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    half = target.with_name(f".{target.name}.part")
    half.touch(mode=0o600)
    half.chmod(0o600)
    secret, keys = place.data_folder / SECRET_FILE, place.data_folder / KEYS_FILE
    with (
        tempfile.TemporaryDirectory(dir=target.parent, prefix=".smartmenu-") as folder,
        _kept_pictures(place.data_folder) as keep,
    ):
        keep()
        copy, manifest = _copy_database(place, Path(folder), revision, now)
        manifest = manifest.model_copy(
            update={"has_secret": with_secret and secret.is_file(), "database_sha256": _sha(copy)}
        )
        with tarfile.open(half, "w:gz", compresslevel=COMPRESSION) as archive:
            text = manifest.model_dump_json(indent=2).encode()
            head = tarfile.TarInfo(MANIFEST)
            head.size, head.mtime = len(text), int(now.timestamp())
            archive.addfile(head, io.BytesIO(text))
            archive.add(copy, copy.name)
            if manifest.has_secret:
                archive.add(secret, SECRET_FILE)
            if with_secret and keys.is_file():
                archive.add(keys, KEYS_FILE)
            for name, picture in sorted(keep().items()):
                # Where files cannot have two names, another screen may take one away meanwhile.
                with suppress(FileNotFoundError):
                    archive.add(picture, name)
    half.replace(target)
    return manifest


@contextmanager
def _kept_pictures(data_folder: Path) -> Generator[Callable[[], dict[str, Path]]]:
    """Hold pictures by a second name: called, it takes those that are there now besides."""
    data_folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=data_folder, prefix=".backup-") as folder:
        kept: dict[str, Path] = {}

        def keep() -> dict[str, Path]:
            for picture in (data_folder / PICTURES).rglob("*.webp"):
                name = str(picture.relative_to(data_folder))
                if name in kept or picture.is_symlink() or not picture.is_file():
                    continue
                second = Path(folder) / str(len(kept))
                try:
                    second.hardlink_to(picture)
                except FileNotFoundError:
                    continue
                except OSError:
                    second = picture
                kept[name] = second
            return kept

        yield keep


def read_manifest(source: Path) -> Manifest:
    """What a backup says about itself.

    Raises:
        NotABackupError: it is none.
    """
    try:
        with tarfile.open(source, "r:gz") as archive:
            head = archive.next()
            if head is None or head.name != MANIFEST or head.size > MOST_MANIFEST_BYTES:
                raise _not_a_backup()
            member = archive.extractfile(head)
            return Manifest.model_validate_json(member.read() if member else b"")
    except (*_DAMAGED, ValidationError) as error:
        raise _not_a_backup() from error


def put_back(place: Place, source: Path, *, replaces: bool) -> Manifest:
    """Restore a backup into an installation that is not running.

    Everything is unpacked and checked before the first thing is replaced. Pictures are added; those
    that were there stay.

    Args:
        place: of the installation.
        source: a file that `make` has written.
        replaces: whether restaurants that are there may be lost.

    Raises:
        NotABackupError: it is none, damaged, or of the other kind of database.
        NotEmptyError: there are restaurants, and `replaces` is False.
        StillInUseError: a process works with the database.
    """
    manifest = read_manifest(source)
    kind = "postgresql" if place.database_file is None else "sqlite"
    if manifest.kind != kind:
        msg = N_("This is a backup of {other}; this installation runs on {kind}.")
        raise NotABackupError(msg, other=manifest.kind, kind=kind)
    place.data_folder.mkdir(parents=True, exist_ok=True)
    if not replaces and place.database_file and sqlite_copy.has_restaurants(place.database_file):
        msg = N_("There are restaurants in this database already.")
        raise NotEmptyError(msg)
    with tempfile.TemporaryDirectory(dir=place.data_folder, prefix=".restore-") as name:
        folder = Path(name)
        _unpack(source, folder)
        copy = folder / (DUMP_FILE if place.database_file is None else SQLITE_FILE)
        if not copy.is_file() or _sha(copy) != manifest.database_sha256:
            raise _not_a_backup()
        if place.database_file is None:
            postgres_dump.put_back(place.database_url, copy)
        else:
            sqlite_copy.put_in_place(copy, place.database_file)
        _move_files(folder, place.data_folder)
    return manifest


def _copy_database(
    place: Place, folder: Path, revision: str, now: datetime
) -> tuple[Path, Manifest]:
    if place.database_file is None:
        copy = folder / DUMP_FILE
        postgres_dump.dump(place.database_url, copy)
        kind, orders = "postgresql", None
    else:
        copy = folder / SQLITE_FILE
        sqlite_copy.copy_database(place.database_file, copy)
        kind, orders = "sqlite", sqlite_copy.count_orders(copy)
        revision = sqlite_copy.revision_of(copy)
    manifest = Manifest(
        made_at=now,
        kind=kind,
        revision=revision,
        has_secret=False,
        database_sha256="",
        orders=orders,
    )
    return copy, manifest


def _unpack(source: Path, folder: Path) -> None:
    """Only what a backup can hold: no links, nothing outside the folder, no devices."""
    try:
        with tarfile.open(source, "r:gz") as archive:
            for member in archive:
                known = {MANIFEST, SQLITE_FILE, DUMP_FILE, SECRET_FILE, KEYS_FILE}
                is_ours = member.name in known or member.name.startswith(f"{PICTURES}/")
                if not (member.isfile() and is_ours):
                    raise _not_a_backup()
                archive.extract(member, folder, filter="data")
    except _DAMAGED as error:
        raise _not_a_backup() from error


def _move_files(folder: Path, data_folder: Path) -> None:
    for name in (SECRET_FILE, KEYS_FILE):
        key = folder / name
        if key.is_file():
            key.chmod(0o600)
            key.replace(data_folder / name)
    for picture in (folder / PICTURES).rglob("*.webp"):
        target = data_folder / picture.relative_to(folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        picture.replace(target)


def _sha(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _not_a_backup() -> NotABackupError:
    msg = N_("This file is no backup of SmartMenu, or it is not whole.")
    return NotABackupError(msg)
