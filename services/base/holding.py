"""Whether a text stands in another, whatever its capitals, on both databases."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class _lower(FunctionElement[str]):  # noqa: N801 - a function of SQL
    """Small letters of ASCII.

    PostgreSQL knows those of all languages and takes three times as long for it.
    """

    name = "lower"
    type = sa.Text()
    inherit_cache = True


@compiles(_lower)
def _as_it_is(element: _lower, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401
    return f"lower({compiler.process(element.clauses, **kw)})"


@compiles(_lower, "postgresql")
def _by_bytes(element: _lower, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401
    return f'lower(({compiler.process(element.clauses, **kw)}) COLLATE "C")'


def holding(expression: Any, text: str) -> sa.ColumnElement[bool]:  # noqa: ANN401 - any SQL expression
    """Whether a text stands in another, whatever its capitals.

    Only those of ASCII are known here: other words are looked for as they are usually written.
    """
    written = {text}
    if not text.isascii():
        written |= {text.lower(), text.upper(), text.capitalize(), text.title()}
    looked_for = sorted({_small(one) for one in written})
    return sa.or_(*(_lower(expression).contains(one, autoescape=True) for one in looked_for))


def _small(text: str) -> str:
    return "".join(one.lower() if one.isascii() else one for one in text)
