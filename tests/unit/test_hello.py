"""What the scripts say first, read from what the compiler wrote."""

import pytest

from smartmenu.hello import hello_of

CONTEXT = """export const initialState = {"a": {"stateSchema": "no"}}
export const initialStateHashes = ["0f1e", "2d3c"]
export const stateSchema = "45fb"

export const clientStorage = {"cookies": {}, "local_storage": {}, "session_storage": {}}

export const state_name = "reflex___state____state"
"""


def test_the_first_message_is_read_from_the_script_of_the_states() -> None:
    assert hello_of(CONTEXT, version="0.10.1") == {
        "state": "reflex___state____state",
        "schema": "45fb",
        "hashes": "0f1e 2d3c",
        "version": "0.10.1",
    }


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("export const state_name", "export const root_name"),
        ('stateSchema = "45fb"', "stateSchema = null"),
        ('["0f1e", "2d3c"]', "[]"),
        # A value that a browser keeps would have to be said as well.
        ('"cookies": {}', '"cookies": {"a.b": {}}'),
    ],
)
def test_another_reflex_stops_the_build(old: str, new: str) -> None:
    assert old in CONTEXT
    with pytest.raises(SystemExit, match="does not know"):
        hello_of(CONTEXT.replace(old, new), version="0.10.1")
