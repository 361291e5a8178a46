"""Numbers of several processes of one machine, kept as files in one folder.

Apart from `metrics`, because the folder must be named before the library there is imported.
"""

import os
import re
from pathlib import Path

# Where prometheus_client looks for the folder.
FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
_FILE = re.compile(r"[a-z_]+_(\d+)\.db\Z")


def keep_in(folder: Path) -> None:
    """Let the processes started from here share their numbers through files in a folder.

    Numbers of processes that are gone since an earlier start are dropped. Call it in the process
    that starts the others, before anything is counted.
    """
    folder.mkdir(parents=True, exist_ok=True)
    drop_dead(folder, "*.db")
    os.environ[FOLDER_VARIABLE] = str(folder)


def drop_dead(folder: Path, pattern: str) -> None:
    """Delete the files that match and belong to processes that are gone."""
    for file in folder.glob(pattern):
        found = _FILE.match(file.name)
        if found is not None and not _is_alive(int(found[1])):
            file.unlink(missing_ok=True)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
