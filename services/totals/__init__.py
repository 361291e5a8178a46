"""A customer counted anew with each visit and order: totals, badge, profile, segments."""
