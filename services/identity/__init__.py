"""Who is this guest? Visits, consent, and how somebody is known again without a name."""
