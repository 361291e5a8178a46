"""Cards that several models of the night draw alike: a table, and errors beside simple rules."""

from collections.abc import Sequence

from services.base.texts import N_
from state.staff.charts import ChartCard, ChartView, RowView, Series, chart_view
from state.staff.night_words import word


def table_card(
    key: str, title: str, heads: Sequence[str], rows: Sequence[Sequence[str]],
    *, note: str = "", meaning: str = "", hrefs: Sequence[str] = (),
) -> ChartCard:  # fmt: skip
    """Rows in words; `hrefs` lead from each of them."""
    return ChartCard(
        key=key,
        title=title,
        note=note,
        meaning=meaning,
        kind="table",
        size="full",
        chart=ChartView(
            summary=title,
            is_empty=not rows,
            heads=list(heads),
            rows=[
                RowView(list(row), href)
                for row, href in zip(rows, hrefs or [""] * len(rows), strict=True)
            ],
        ),
    )


def errors_card(key: str, title: str, rules: Sequence[tuple[str, float]], note: str) -> ChartCard:
    """How far off a model was, and rules anybody could use."""
    chart = chart_view(
        "across",
        summary=title,
        label_name=word(N_("Rule")),
        labels=[word(name) for name, _ in rules],
        series=[Series(word(N_("Error")), [error for _, error in rules])],
        text=decimal,
    )
    return ChartCard(key=key, title=title, note=note, chart=chart,
                     meaning=word(N_("Smaller is better.")))  # fmt: skip


def decimal(value: float | None) -> str:
    """With two decimals."""
    return "" if value is None else f"{value:.2f}"
