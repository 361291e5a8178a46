"""The fixed words of the screen of printed codes, by short name."""

from services.base.owner_texts import FORM
from services.base.texts import N_

CODES = {
    key: FORM[key] for key in ("cancel", "save", "discard", "back", "not_saved", "optional")
} | {
    "title": N_("Codes"),
    "make_missing": N_("Make them"),
    "replace_all": N_("Replace all"),
    # What to print.
    "print_title": N_("Print"),
    "print_help": N_("Tick codes below to print only those."),
    "form": N_("As"),
    "form_sheet": N_("Stickers"),
    "form_sheet_note": N_("ten on an A4, to cut"),
    "form_tent": N_("Table tents"),
    "form_tent_note": N_("two on an A4: cut down the middle, fold at the dashes"),
    "form_poster": N_("Posters"),
    "form_poster_note": N_("one a page, for door, wall and counter"),
    "which": N_("Which"),
    "paper": N_("Poster size"),
    "note": N_("A line of your own"),
    "note_help": N_("On tents and posters, such as your WiFi or an offer."),
    "pdf": N_("PDF to print"),
    "zip": N_("Pictures (ZIP)"),
    # The list.
    "shown": N_("Which codes are listed"),
    "in_use": N_("In use"),
    "old": N_("Out of use"),
    "code": N_("Code"),
    "total": N_("Scans"),
    "recent": N_("30 days"),
    "last": N_("Last scan"),
    "state": N_("State"),
    "actions": N_("Actions"),
    "pick": N_("Print"),
    "png": N_("Picture (PNG)"),
    "svg": N_("Drawing (SVG)"),
    "replace": N_("Replace"),
    "replace_area": N_("Replace the codes of this area"),
    "retire": N_("Retire"),
    "restore": N_("Take into use again"),
    "add_general": N_("Add a code"),
    "add_campaign": N_("Add a campaign"),
    "add_area": N_("Add a code for this area"),
    "empty_title": N_("No codes yet"),
    "empty_text": N_("Every table gets a code by itself. Add a table, and it is here."),
    "set_up_tables": N_("Set up areas and tables"),
    "old_empty_title": N_("No code is out of use"),
    "old_empty_text": N_("Replaced and retired codes are kept here with their scans."),
    "old_help": N_("The last 200. They open the menu, seat nobody and say that they are old."),
    # The form.
    "new_general": N_("Code for the whole restaurant"),
    "new_area": N_("Code for an area"),
    "new_campaign": N_("Campaign code"),
    "label": N_("Name"),
    "label_help": N_("For you, to tell the codes apart: “Front door”, “Summer flyer”."),
    "category": N_("Opens the menu at"),
    "retire_title": N_("Retire this code?"),
    "retire_text": N_(
        "Printed ones will still open the menu and say that they are old. You can take it into use"
        " again later."
    ),
}
