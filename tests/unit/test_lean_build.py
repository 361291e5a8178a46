"""What is taken out of the scripts of every page, and that a changed Reflex stops the build."""

from collections.abc import Callable

import pytest

from smartmenu.lean_build import check_styles, use_few_files, use_plain_jsx, without_globals

CONFIG = """  resolve: {
    alias: [
      {
        find: "$",
"""
GROUPS = """      output: {
        codeSplitting: {
          groups: [
            {
              test: /env.json/,
              name: "reflex-env",
            },
          ],
        },
      },
"""
ROOT = """import {Fragment} from "react"
import * as React from "react";
import * as utils_state from "$/utils/state";

function ReflexProviders({children}) {
  useEffect(() => {
    // Make contexts available
    window.__reflex = {
          "react": React,
    "$/utils/state": utils_state,
    };
  }, []);

  return children;
}
"""


def test_emotion_is_replaced_once() -> None:
    changed = use_plain_jsx(CONFIG)
    assert changed.count("@emotion/react") == 1
    assert changed.index("@emotion/react") < changed.index('find: "$"')
    assert use_plain_jsx(changed) == changed


def test_what_all_pages_share_is_two_files() -> None:
    changed = use_few_files(GROUPS)
    assert [name for name in ("framework", "context", "reflex-env") if f'"{name}"' in changed] == [
        "framework",
        "context",
    ]
    assert changed.count("{") == changed.count("}")
    assert changed.startswith("      output: {\n")
    assert changed.endswith("        },\n      },\n")
    assert use_few_files(changed) == changed


def test_no_module_is_hung_up_whole() -> None:
    assert without_globals(ROOT) == (
        'import {Fragment} from "react"\n\nfunction ReflexProviders({children}) {\n'
        "\n  return children;\n}\n"
    )


@pytest.mark.parametrize("change", [use_plain_jsx, use_few_files, without_globals])
def test_another_reflex_stops_the_build(change: Callable[[str], str]) -> None:
    with pytest.raises(SystemExit, match="Reflex has changed"):
        change("export default {}")


def test_style_props_may_be_what_a_style_attribute_can_hold() -> None:
    check_styles(
        'jsx("i",{css:({ ["--x"] : stem?.["left"], ["width"] : "4px" }),key:"&"})', "a.jsx"
    )


@pytest.mark.parametrize("rule", [":hover", "&:focus", "@media (min-width: 40em)"])
def test_style_props_with_rules_stop_the_build(rule: str) -> None:
    script = f'jsx("i",{{css:({{ ["width"] : "4px", ["{rule}"] : ({{ ["width"] : "5px" }}) }})}})'
    with pytest.raises(SystemExit, match=r"a\.jsx: a component has style props with rules"):
        check_styles(script, "a.jsx")
