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
    "as_csv": N_("CSV"),
}
REPORTS = {
    "reports": N_("Reports"),
    "dashboard": N_("Overview"),
    "executive": N_("Executive"),
    "customers": N_("Guests"),
    "visits": N_("Visits"),
    "products": N_("Products"),
    "loyalty": N_("Loyalty"),
    "activity": N_("Recent activity"),
    "all": N_("All"),
    "quiet": N_("Nothing yet today"),
    "so_far": N_("Today"),
    "by_mail": N_("By mail"),
    "mail_none": N_("Not mailed to me"),
    "mail_week": N_("Every Monday, the week before"),
    "mail_month": N_("On the first, the month before"),
}
