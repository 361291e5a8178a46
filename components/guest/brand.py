"""The restaurant's colour as a small style block on a guest's page."""

import re

_HEX = re.compile(r"^#[0-9A-Fa-f]{6}$")
_NAME = re.compile(r"^[a-z-]{1,20}$")


def brand_style(tokens: dict[str, dict[str, str]]) -> str:
    """CSS for a restaurant's brand tokens in both themes.

    Args:
        tokens: {"light": {"brand-solid": "#B5391F", ...}, "dark": {...}}; empty keeps the default
            colour.
    """
    light, dark = _declarations(tokens.get("light", {})), _declarations(tokens.get("dark", {}))
    if not light:
        return ""
    return (
        f":root{{{light}}}"
        f'@media (prefers-color-scheme:dark){{:root:not([data-theme="light"]){{{dark}}}}}'
        f':root[data-theme="dark"]{{{dark}}}'
    )


def _declarations(tokens: dict[str, str]) -> str:
    # Values end up in a <style>: nothing but colours gets there.
    return "".join(
        f"--{name}:{value};"
        for name, value in tokens.items()
        if _NAME.match(name) and _HEX.match(value)
    )
