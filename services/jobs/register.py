"""Every job, how often it is due and how long one run may take."""

from services.jobs import (
    counting,
    funnel,
    keeping,
    loyalty,
    messages,
    modelling,
    profiles,
    reporting,
    reservations,
    tidying,
)
from services.jobs.types import Job

HOUR = 3600

JOBS: tuple[Job, ...] = (
    Job("deliver_outbox", 10, messages.deliver_outbox),
    Job("work_inbox", 10, messages.work_inbox),
    Job("release_idle_sittings", 30, tidying.release_idle_sittings),
    Job("end_visits", 300, tidying.end_visits),
    Job("purge_messages", 24 * HOUR, messages.purge_messages),
    Job("purge_signals", 24 * HOUR, tidying.purge_signals),
    Job("purge_limits", HOUR, tidying.purge_limits),
    Job("purge_notes", HOUR, tidying.purge_notes),
    Job("hash_old_names", 24 * HOUR, tidying.hash_old_names),
    Job("close_reservations", 60, reservations.close_reservations),
    Job("forget_reservations", HOUR, reservations.forget_reservations),
    Job("purge_sessions", 24 * HOUR, tidying.purge_sessions),
    # Days begin at another hour in every restaurant.
    Job("refresh_statuses", HOUR, tidying.refresh_statuses, lease_seconds=600),
    Job("count_visits", 300, profiles.count_visits, lease_seconds=HOUR),
    Job("recompute_profiles", 24 * HOUR, profiles.recompute_profiles, lease_seconds=HOUR),
    Job("refresh_statistics", 24 * HOUR, tidying.refresh_statistics),
    Job("purge_pictures", 24 * HOUR, tidying.purge_pictures),
    # A year of a large house is erased in minutes, profile by profile.
    Job("keep_no_longer", 24 * HOUR, keeping.keep_no_longer, lease_seconds=HOUR),
    Job("keep_erased", HOUR, keeping.keep_erased, lease_seconds=600),
    # The first count of a long history takes minutes; every later one moments.
    Job("follow_room", 60, counting.follow_room, lease_seconds=HOUR),
    Job("repair_room", 24 * HOUR, counting.repair_room, lease_seconds=HOUR),
    Job("count_funnel", HOUR, funnel.count_funnel, lease_seconds=600),
    Job("follow_sales", 60, reporting.follow_sales, lease_seconds=HOUR),
    Job("expire_points", HOUR, loyalty.expire_points, lease_seconds=600),
    Job("warn_of_expiry", 24 * HOUR, loyalty.warn_of_expiry, lease_seconds=HOUR),
    Job("return_rewards", 60, loyalty.return_rewards),
    Job("mail_reports", HOUR, reporting.mail_reports),
    Job("count_reports", 24 * HOUR, reporting.count_reports, lease_seconds=HOUR),
    Job("fit_models", 24 * HOUR, modelling.fit_models, lease_seconds=HOUR),
)
