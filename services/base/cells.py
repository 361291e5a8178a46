"""Texts of people in cells of a spreadsheet."""

# A text that begins so is run as a formula by spreadsheets; the wide ones by East Asian versions.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# What one cell of a spreadsheet holds at most.
MAX_TEXT = 32_000


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula: one that could be gets an apostrophe first.

    Blanks in front do not help a formula, but some programs drop them before they look.
    """
    cut = text[:MAX_TEXT].replace("\x00", "")
    return f"'{cut}" if cut.startswith(_FORMULA) or cut.lstrip().startswith(_FORMULA[:4]) else cut
