"""Charts for the browser: ticks, rows, and numbers that are none."""

from math import inf, nan

from state.staff.charts import ChartView, RowView, Series, chart_view, heat_look


def _text(value: float | None) -> str:
    return "–" if value is None else f"{value:g}"


def test_a_chart_carries_its_rows_with_where_they_lead() -> None:
    view = chart_view(
        "bar",
        summary="Visits",
        label_name="Day",
        labels=["Mon", "Tue"],
        series=[Series("Now", [3, None]), Series("Before", [1, 2], role="before")],
        text=_text,
        hrefs=["/a"],
    )
    assert view.heads == ["Day", "Now", "Before"]
    assert view.rows == [RowView(["Mon", "3", "1"], "/a"), RowView(["Tue", "–", "2"], "")]
    assert view.figure["ticks"] == [0, 1, 2, 3]
    assert not view.is_empty


def test_what_is_no_number_is_a_gap_and_nothing_is_empty() -> None:
    for values in ([], [0, 0], [nan, inf], [None, None]):
        view = chart_view(
            "line",
            summary="",
            label_name="Day",
            labels=[str(index) for index in range(len(values))],
            series=[Series("Now", values)],
            text=_text,
        )
        assert view.is_empty
        assert not any("nan" in cell or "inf" in cell for row in view.rows for cell in row.cells)


def test_a_day_of_refunds_goes_below_zero() -> None:
    view = chart_view(
        "bar",
        summary="",
        label_name="Day",
        labels=["Mon", "Tue"],
        series=[Series("Now", [-2, 4])],
        text=_text,
    )
    assert view.figure["ticks"] == [-4, -3, -2, -1, 0, 1, 2, 3, 4]
    assert not view.is_empty


def test_cells_have_five_strengths_and_none() -> None:
    looks = [heat_look(value, 10) for value in (0, 1.9, 2.1, 9.9, 10)]
    assert looks == ["h0", "h0", "h1", "h4", "h4"]
    assert [heat_look(None, 10), heat_look(1, 0), heat_look(nan, 1)] == ["h-none"] * 3


def test_columns_of_numbers_stand_at_their_end() -> None:
    rows = [
        ["7", "12.50 CHF", "+3.4 %", "–", "Table 7", "−2 h 04", ""],
        ["B", "€1,200.00", "", "–", "12", "45 min", ""],
    ]
    view = ChartView(rows=[RowView(row) for row in rows])
    # The first says what a row is; what is a name somewhere, or says nothing, is none.
    assert view.sides == ["", "r", "r", "", "", "r", ""]
    assert ChartView().sides == []
