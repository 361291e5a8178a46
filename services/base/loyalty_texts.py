"""Words of the loyalty screens of staff."""

from services.base.texts import N_

VERIFY = {
    "title": N_("Check a reward code"),
    "lead": N_(
        "Scan the guest's code with this phone's camera, or type its eight letters and numbers."
    ),
    "code": N_("Code"),
    "hint": N_("Small and capital letters are the same."),
    "submit": N_("Check the code"),
    "give": N_("Give now"),
    "to": N_("Guest"),
    "points": N_("Paid with"),
    "refused": N_("Do not give anything"),
}
