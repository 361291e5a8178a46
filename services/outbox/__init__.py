"""Effects outside the database: written with what causes them, delivered by a job."""
