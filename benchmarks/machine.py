"""What processes of this machine use, and what other machines take from it."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any, cast

import psutil

MIB = 2**20
# Less is not worth a word.
MENTIONED_SHARE = 0.02


class Shares:
    """The processors of this machine since it was made."""

    def __init__(self) -> None:
        """Begin to count."""
        self._before = _times()

    def stolen(self) -> float:
        """The share of all processor time that the host gave to other machines, 0 to 1.

        A virtual machine does not slow down evenly: the same storm of guests took 2.7 s at 0.01 and
        11.4 s at 0.39. 0 where the system does not say.
        """
        used = {name: value - self._before.get(name, 0) for name, value in _times().items()}
        return used.get("steal", 0) / max(sum(used.values()), 0.01)


def words(stolen: float) -> list[str]:
    """A note for a section about what was stolen while it was measured, if it is worth one."""
    if stolen < MENTIONED_SHARE:
        return []
    return [f"Meanwhile the host gave {stolen:.0%} of these processors to other machines."]


def family(process_id: int) -> set[int]:
    """A process and all below it."""
    with suppress(psutil.NoSuchProcess):
        below = psutil.Process(process_id).children(recursive=True)
        return {process_id, *(one.pid for one in below)}
    return set()


def cpu_seconds(process_id: int) -> float:
    """What a process and all below it, those that ended among them, have computed."""
    return _sum(process_id, lambda one: sum(one.cpu_times()[:4]))


def tree_memory_mib(process_id: int) -> float:
    """Resident memory of a process and all below it together."""
    return _sum(process_id, lambda one: one.memory_info().rss / MIB)


def web_memory_mib(process_id: int) -> float:
    """Resident memory of the largest process right below one: a web process below granian's."""
    return max(one.memory_info().rss / MIB for one in psutil.Process(process_id).children())


def _sum(process_id: int, of: Callable[[psutil.Process], float]) -> float:
    total = 0.0
    for one in family(process_id):
        # It may end while we look.
        with suppress(psutil.NoSuchProcess):
            total += of(psutil.Process(one))
    return total


def _times() -> dict[str, float]:
    told = cast("Any", psutil.cpu_times())
    # Both are counted in user and nice already.
    return {k: v for k, v in told._asdict().items() if k not in {"guest", "guest_nice"}}
