"""What is left out of the scripts that every guest downloads.

Reflex sends every page a library for style props (emotion) and, for components it evaluates in the
browser, the whole of React. SmartMenu is styled by plain CSS and its pages forbid evaluation, so a
guest on a slow line would wait for what nothing uses.
"""

import re
from typing import Unpack

from reflex_base.plugins.base import Plugin, PostCompileContext, PreCompileContext

from services.base.settings import ROOT

WEB = ROOT / ".web"
_CONFIG = "vite.config.js"
_ROOT = "app/root.jsx"
_PLAIN = "utils/plain-jsx.js"
_ALIASES = re.compile(r"alias: \[\n")
_ALIAS = (
    'alias: [\n      { find: "@emotion/react", '
    f'replacement: fileURLToPath(new URL("./{_PLAIN}", import.meta.url)) }},\n'
)
_GROUPS = re.compile(r"codeSplitting: \{\s+groups: \[.*?\n +\],", re.DOTALL)
# Each file is a request, and a browser has six at a time over HTTP/1.1. What no release of
# SmartMenu changes is one file, what each changes another: who comes back keeps the first.
_FRAMEWORK = "|".join(
    (
        *("react", "react-dom", "scheduler", "react-router", "react-error-boundary"),
        *(r"@socket\.io", r"(?:socket|engine)\.io-[a-z]+", "mergician", "universal-cookie"),
    )
)
_FEW_GROUPS = rf"""codeSplitting: {{
          groups: [
            {{ name: "framework", test: /node_modules\/(?:{_FRAMEWORK})\// }},
            {{ name: "context", test: /\.web\/(?:utils\/|env\.json|reflex\.json)/ }},
          ],"""
_GLOBALS = re.compile(
    r"  useEffect\(\(\) => \{\n[^\n]*\n    window\.__reflex = \{.*?\}, \[\]\);\n", re.DOTALL
)
_WHOLE_MODULES = re.compile(r'^import \* as \w+ from "[^"]+";\n', re.MULTILINE)
# What only a sheet of rules can say: states, children, sizes of the screen.
_NESTED_RULES = re.compile(r'\bcss:\(\{[^}]*\["(?!&")[^"]*[&:@]')
_PLAIN_JSX = """\
import { createElement } from "react";

// Style props become style attributes.
export const jsx = (type, props, ...children) => {
  if (props?.css) {
    // A whole style of the state stands under "&".
    const { css: { "&": whole, ...own }, ...rest } = props;
    props = { ...rest, style: { ...rest.style, ...whole, ...own } };
  }
  return createElement(type, props, ...children);
};
"""


class LeanBuild(Plugin):
    """Takes emotion and the globals of evaluated components out of the browser's part."""

    def pre_compile(self, **context: Unpack[PreCompileContext]) -> None:
        """Ask for the changes; they are made in what Reflex has written, before Vite reads it."""
        context["add_save_task"](_plain_jsx)
        context["add_modify_task"](_CONFIG, use_plain_jsx)
        context["add_modify_task"](_CONFIG, use_few_files)
        context["add_modify_task"](_ROOT, without_globals)

    def post_compile(self, **context: Unpack[PostCompileContext]) -> None:
        """Refuse style props with rules inside of them: no style attribute can hold those.

        Raises:
            SystemExit: a component has one.
        """
        del context
        for folder in ("app", "app_components", "utils/components"):
            for path in sorted((WEB / folder).rglob("*.jsx")):
                check_styles(path.read_text(encoding="utf-8"), path.name)


def check_styles(script: str, name: str) -> None:
    """Refuse a script whose style props need a sheet of rules.

    Raises:
        SystemExit: it has one.
    """
    if _NESTED_RULES.search(script):
        msg = f"{name}: a component has style props with rules; use a class and a sheet."
        raise SystemExit(msg)


def use_plain_jsx(config: str) -> str:
    """Vite's configuration with React's own createElement in place of emotion.

    Raises:
        SystemExit: Reflex writes it differently now.
    """
    if _PLAIN in config:
        return config
    changed, count = _ALIASES.subn(_ALIAS, config)
    if count != 1:
        msg = f"{_CONFIG} has no list of aliases this build step knows: Reflex has changed."
        raise SystemExit(msg)
    return changed


def use_few_files(config: str) -> str:
    """Vite's configuration with two files for all that every page shares.

    Raises:
        SystemExit: Reflex writes it differently now.
    """
    if _FEW_GROUPS in config:
        return config
    changed, count = _GROUPS.subn(lambda _: _FEW_GROUPS, config)
    if count != 1:
        msg = f"{_CONFIG} groups no files in a way this build step knows: Reflex has changed."
        raise SystemExit(msg)
    return changed


def without_globals(root: str) -> str:
    """The root of all pages without whole modules hung up in `window`.

    Raises:
        SystemExit: Reflex writes it differently now.
    """
    changed, count = _GLOBALS.subn("", root)
    if count != 1:
        msg = f"{_ROOT} hangs up no modules in a way this build step knows: Reflex has changed."
        raise SystemExit(msg)
    return _WHOLE_MODULES.sub("", changed)


def _plain_jsx() -> tuple[str, str]:
    return str(WEB / _PLAIN), _PLAIN_JSX
