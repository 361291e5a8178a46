"""Two editors and somebody's script at one layout: whatever comes, the layout stays one."""

import copy
import json
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from services.base.errors import InvalidInputError
from services.layouts import problems
from services.layouts.item_rules import check_whole, checked_item
from services.layouts.operations import Document, Operation, apply

HERE, ELSEWHERE = UUID(int=1), UUID(int=2)
ROWS = {str(UUID(int=10)): "table", str(UUID(int=11)): "table", str(UUID(int=12)): "area"}
FOREIGN = str(UUID(int=99))
ids = st.sampled_from(["a", "b", "c", "d", "e", "area"])
numbers = st.one_of(
    st.floats(-6000, 31000),
    st.sampled_from([0, -1, 10**400, -(10**400), float("nan"), float("inf"), 1e308, -0.0, True]),
    st.sampled_from([None, "5", [], {}]),
)
sane = st.integers(20, 900).map(float)
rows = st.sampled_from([None, FOREIGN, "x", 7, *ROWS])
junk = st.recursive(
    st.one_of(st.none(), st.booleans(), numbers, st.text(max_size=5)),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)
corners = st.one_of(
    st.just([]),
    st.just([[0, 0], [200, 0], [200, 200], [0, 200]]),
    st.lists(st.lists(numbers, max_size=3), max_size=6),
    junk,
)
fields = {
    "x": st.one_of(sane, numbers),
    "y": st.one_of(sane, numbers),
    "width": st.one_of(sane, numbers),
    "height": st.one_of(sane, numbers),
    "rotation": numbers,
    "number": st.sampled_from(["1", "2", "", "\x00", "7" * 20]),
    "name": st.sampled_from(["Bar", "", "\u202e", "x" * 200]),
    "seats": st.sampled_from([1, 4, 0, 99, 10**400, 2.5, True]),
    "area": st.one_of(st.none(), ids, junk),
    "outline": corners,
    "hours": st.one_of(st.just({"mon": [["12:00", "15:00"]]}), junk),
    "features": st.one_of(st.just([]), junk),
    "file": st.sampled_from([f"pictures/{HERE}/x.webp", f"pictures/{ELSEWHERE}/x.webp", "../x"]),
    "text": st.sampled_from(["Exit", ""]),
    "locked": st.sampled_from([True, False, 1]),
    "revs": junk,
    "unknown": junk,
}


@st.composite
def items(draw: st.DrawFn) -> dict[str, Any]:
    kind = draw(st.sampled_from(["table", "table", "area", "wall", "text", "picture", "ghost"]))
    item: dict[str, Any] = {"id": draw(ids), "kind": kind, "row_id": draw(rows)}
    item |= {"number": "1", "name": "Room", "text": "Exit", "file": f"pictures/{HERE}/x.webp"}
    item |= {side: draw(sane) for side in ("x", "y", "width", "height")}
    for name in draw(st.lists(st.sampled_from(sorted(fields)), max_size=3)):
        item[name] = draw(fields[name])
    return item


@st.composite
def patches(draw: st.DrawFn) -> dict[str, Any]:
    names = draw(st.lists(st.sampled_from(sorted(fields)), min_size=1, max_size=3))
    return {"id": draw(ids), "set": {name: draw(fields[name]) for name in names}}


bodies = st.one_of(
    st.tuples(
        st.just("add"),
        st.fixed_dictionaries(
            {"items": st.lists(items(), min_size=1, max_size=3)},
            optional={"at": st.sampled_from([0, 1, -1, 10**400, "1"])},
        ),
    ),
    st.tuples(
        st.just("change"),
        st.fixed_dictionaries({"items": st.lists(patches(), min_size=1, max_size=3)}),
    ),
    st.tuples(
        st.just("remove"),
        st.fixed_dictionaries({"ids": st.lists(ids, min_size=1, max_size=3)}),
    ),
    st.tuples(
        st.just("reorder"),
        st.fixed_dictionaries({"ids": st.lists(ids, min_size=1, max_size=6)}),
    ),
    st.tuples(st.just("settings"), st.fixed_dictionaries({"mode": st.sampled_from(["grid", "x"])})),
    st.tuples(
        st.sampled_from(["add", "change", "remove", "reorder", "settings", "drop"]),
        st.dictionaries(st.sampled_from(["items", "ids", "mode", "at"]), junk, max_size=3),
    ),
)
steps = st.tuples(st.sampled_from(["ana", "ben"]), st.integers(0, 30), bodies)


@settings(max_examples=150, deadline=None)
@given(st.lists(steps, max_size=40))
def test_the_layout_stays_one_whatever_comes(wanted: list[Any]) -> None:
    document = Document(HERE, 1, 1, [], {"mode": "free"}, {}, ROWS)
    for count, (tab, behind, (name, body)) in enumerate(wanted):
        before = copy.deepcopy((document.items, document.settings, document.revision))
        seen = max(0, document.revision - behind)
        try:
            apply(document, Operation(f"key-{count:05}", name, seen, body, tab, tab))
        except InvalidInputError:
            assert (document.items, document.settings, document.revision) == before
        _check(document)


def _check(document: Document) -> None:
    json.dumps([document.items, document.settings, document.gone], allow_nan=False)
    known = [item["id"] for item in document.items]
    assert len(set(known)) == len(known)
    taken = [item["row_id"] for item in document.items if item.get("row_id")]
    assert len(set(taken)) == len(taken)
    for item in document.items:
        plain = problems.plain(item)
        # What is stored could be sent again and would be stored the same.
        assert checked_item(plain) == plain
        check_whole(plain)
        if row_id := item.get("row_id"):
            assert ROWS[row_id] == item["kind"]
        if item["kind"] == "picture":
            assert str(HERE) in item["file"]
        assert all(revs[0] <= document.revision for revs in item["revs"].values())
    problems.find_problems(document.items)
    problems.differences(document.items, {}, [])
