"""What a restore has still to do once the database is replaced, kept beside it until it is done.

A restore that is killed in between has replaced the database that held it: the next start, or the
next restore, does it from here.
"""

from datetime import datetime
from pathlib import Path
from uuid import UUID

import orjson

from models.identity import Consent
from models.privacy import ContactChoice
from services.privacy.taken_back import TakenBack, take_back_again

FILE = "restore-unfinished.json"


def keep(taken: TakenBack, *, data_folder: Path) -> None:
    """Write it down, for the eyes of this installation alone."""
    data_folder.mkdir(parents=True, exist_ok=True)
    file = data_folder / FILE
    half = file.with_suffix(".part")
    half.touch(mode=0o600)
    half.write_bytes(
        orjson.dumps(
            {
                "as_of": taken.as_of,
                "consents": [one.model_dump() for one in taken.consents],
                "channels": [one.model_dump() for one in taken.channels],
                "merged": taken.merged,
                "log_ins": sorted(taken.log_ins),
            }
        )
    )
    half.replace(file)


def leave(taken: TakenBack | None, *, data_folder: Path) -> None:
    """Write down again what a restore found that was refused, or nothing."""
    if taken is None:
        (data_folder / FILE).unlink(missing_ok=True)
    else:
        keep(taken, data_folder=data_folder)


def read(data_folder: Path) -> TakenBack | None:
    """What a restore has left to do; None when there is none, or nobody can read it."""
    file = data_folder / FILE
    if not file.is_file():
        return None
    try:
        told = orjson.loads(file.read_bytes())
        return TakenBack(
            as_of=datetime.fromisoformat(told["as_of"]),
            consents=tuple(Consent.model_validate(one) for one in told["consents"]),
            channels=tuple(ContactChoice.model_validate(one) for one in told["channels"]),
            merged=tuple((UUID(part), UUID(whole)) for part, whole in told["merged"]),
            log_ins=frozenset(told["log_ins"]),
        )
    except (ValueError, LookupError, TypeError):
        return None


async def finish(data_folder: Path) -> int:
    """Let the database that is there now hold what guests took back, and forget the file.

    Returns:
        How many guests had taken something back that the backup still allowed.
    """
    taken = read(data_folder)
    chose = 0 if taken is None else await take_back_again(taken)
    (data_folder / FILE).unlink(missing_ok=True)
    return chose
