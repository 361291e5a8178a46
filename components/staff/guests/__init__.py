"""The guest list and what belongs to it: filters, saved views, bulk actions, the drawer."""
