"""What is counted for whoever runs an installation: Prometheus counters, gauges and histograms.

No label holds anything a guest or a restaurant could be known by. Where `shared_metrics.keep_in`
was called first, every process of a machine writes its numbers into files of one folder, and any of
them can tell the sum: a scrape reaches one worker of several, whichever.
"""

import os
from pathlib import Path

from prometheus_client import (
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    multiprocess,
)

from services.base.shared_metrics import FOLDER_VARIABLE, drop_dead

_FAST = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)

REQUESTS = Counter(
    "smartmenu_requests", "HTTP requests by route template.", ["route", "method", "status"]
)
REQUEST_SECONDS = Histogram(
    "smartmenu_request_seconds", "Time to answer an HTTP request.", ["route"], buckets=_FAST
)
EVENTS = Counter(
    "smartmenu_events", "Events of browsers by handler; `dropped` led to no door.", ["handler"]
)
EVENT_SECONDS = Histogram(
    "smartmenu_event_seconds", "Time of a foreground handler.", ["door"], buckets=_FAST
)
FAILURES = Counter("smartmenu_failures", "Errors nobody expected.", ["what"])
ORDERS = Counter("smartmenu_orders_placed", "Orders placed, by the way they came.", ["way"])
NEWS = Counter("smartmenu_live_published", "News published after a commit, by kind.", ["what"])
DELIVERIES = Counter("smartmenu_live_delivered", "News put into the queues of screens.")
GAPS = Counter("smartmenu_live_gaps", "Queues of screens that ran over or lost their source.")
JOB_SECONDS = Histogram(
    "smartmenu_job_seconds",
    "Time of one run of a job.",
    ["job", "outcome"],
    buckets=(0.01, 0.1, 1, 10, 60, 300),
)
SOCKETS = Gauge("smartmenu_sockets", "Sockets connected.", multiprocess_mode="livesum")
SUBSCRIPTIONS = Gauge(
    "smartmenu_live_subscriptions", "Screens that follow news.", multiprocess_mode="livesum"
)
POOL_IN_USE = Gauge(
    "smartmenu_database_connections_in_use",
    "Database connections in use.",
    multiprocess_mode="livesum",
)
POOL_SIZE = Gauge(
    "smartmenu_database_connections_most",
    "Database connections at most.",
    multiprocess_mode="livesum",
)
LOOP_DELAY = Gauge(
    "smartmenu_loop_delay_seconds",
    "How late the event loop wakes; what everybody waits.",
    multiprocess_mode="livemax",
)


def exposition() -> bytes:
    """All numbers of this machine's processes, in Prometheus's text format."""
    folder = os.environ.get(FOLDER_VARIABLE)
    if not folder:
        return generate_latest(REGISTRY)
    # A worker that crashed holds no sockets any more; what it counted stays counted.
    drop_dead(Path(folder), "gauge_live*.db")
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry, folder)
    return generate_latest(registry)
