"""The fixed words of dashboards and reports, by short name."""

from services.base.texts import N_

CHARTS = {
    "as_table": N_("Table"),
    "no_data": N_("Nothing in this time"),
    "period": N_("Time"),
    "compare": N_("Compared with"),
    "from": N_("From"),
    "to": N_("To"),
    "show": N_("Show"),
    "export": N_("Export"),
    "export_csv": N_("Tables as CSV"),
    "export_xlsx": N_("Tables for a spreadsheet (XLSX)"),
    "export_pdf": N_("On paper (PDF)"),
}
