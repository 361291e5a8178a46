"""The table of features in docs/architecture.md is the one that the imports keep to."""

import ast
import re
from collections import defaultdict

from services.base.settings import ROOT

GROUND = {"base", "accounts", "restaurants", "journal", "live"}
SERVICES = ROOT / "services"


def _told() -> dict[str, set[str]]:
    """Which feature may ask which others, as the page says."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    told: dict[str, set[str]] = {}
    for line in text.partition("| feature | may ask |")[2].partition("\n\n")[0].splitlines():
        names, _, others = line.strip("| ").partition(" |")
        for name in re.findall(r"`(\w+)`", names):
            told[name] = {"all"} if "all" in others else set(re.findall(r"`(\w+)`", others))
    return told


def _asked() -> dict[str, set[str]]:
    """Which feature imports which others."""
    asked: dict[str, set[str]] = defaultdict(set)
    for path in SERVICES.rglob("*.py"):
        parts = path.relative_to(SERVICES).with_suffix("").parts
        found = asked[parts[0]]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            modules = (
                [f"{node.module}.{alias.name}" for alias in node.names]
                if isinstance(node, ast.ImportFrom)
                else [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else []
            )
            found |= {module.split(".")[1] for module in modules if module.startswith("services.")}
        found -= {parts[0]}
    return {name: asked[name] for name in asked if name not in {"base", "__init__"}}


def test_every_feature_stands_in_the_table_and_only_features_do() -> None:
    told = _told()
    assert set(told) == set(_asked())
    assert {other for others in told.values() for other in others} <= set(told) | {"all"}


def test_no_feature_asks_another_that_the_table_does_not_name() -> None:
    told = _told()
    beyond = {
        name: sorted(others - GROUND - told.get(name, set()))
        for name, others in _asked().items()
        if told.get(name) != {"all"}
    }
    assert {name: others for name, others in beyond.items() if others} == {}
