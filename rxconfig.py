"""Reflex's own configuration, from the settings of this installation."""

import os

# Before Reflex is imported: bun comes from its wheel, and nothing is asked of other hosts.
os.environ.setdefault("REFLEX_USE_SYSTEM_BUN", "1")
os.environ.setdefault("REFLEX_TELEMETRY_ENABLED", "false")
os.environ.setdefault("REFLEX_CHECK_LATEST_VERSION", "false")
# Several workers: the one that holds a tab's socket keeps the tab's state for some seconds instead
# of fetching and storing it for every order. Another worker that needs it asks for it.
os.environ.setdefault("REFLEX_OPLOCK_ENABLED", "true")

import reflex as rx

from services.base.settings import settings
from smartmenu.lean_build import LeanBuild

_settings = settings()

config = rx.Config(
    app_name="smartmenu",
    telemetry_enabled=False,
    show_built_with_reflex=False,
    deploy_url=_settings.public_url,
    api_url=_settings.public_url,
    # Never "*": with cookies it would let any site open a guest's socket.
    cors_allowed_origins=_settings.allowed_origins,
    trusted_proxy_hops=_settings.trusted_proxy_hops,
    redis_url=_settings.redis_url or None,
    # In memory: seconds after a tab's last event, put off while it is open (smartmenu/leavers.py).
    redis_token_expiration=3600 if _settings.redis_url else 300,
    state_manager_mode="redis" if _settings.redis_url else "memory",
    frontend_compression_formats=["brotli", "gzip"],
    frontend_lazy_bundled_libraries=True,
    default_color_mode="system",
    plugins=[LeanBuild()],
    disable_plugins=[rx.plugins.SitemapPlugin],
)
