"""What a process prints, one after the other: a PDF of a big room takes seconds of a processor."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from services.base.threads import in_thread

_FONTS = Path(__file__).parents[1] / "codes" / "fonts"
P = ParamSpec("P")
T = TypeVar("T")
_one_press = asyncio.Semaphore(1)


async def printed(draw: Callable[P, T], *args: P.args, **options: P.kwargs) -> T:
    """The result of a drawing function, run in a thread when nothing else is printed."""
    async with _one_press:
        return await in_thread(draw, *args, **options)


def pdf(form: Path, *, data: str, now: datetime) -> bytes:
    """A form filled in. Takes its time: call it through `printed`.

    Args:
        form: a `.typ` file; it may use what lies beside it.
        data: JSON that the form reads.
        now: aware UTC, written into the file to the second.
    """
    import typst  # noqa: PLC0415 - 7 MB, which only a process that prints holds

    return typst.compile(
        form,
        root=form.parent,
        font_paths=_fonts(),
        format="pdf",
        sys_inputs={"data": data},
        timestamp=now.replace(microsecond=0),
    )


@cache
def _fonts() -> Any:  # noqa: ANN401 - typst's own
    import typst  # noqa: PLC0415 - the same

    # Only our own: the same paper on every machine.
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[_FONTS]
    )
