"""What guests did, as rows that are only ever added."""

from services.events.recording import record

__all__ = ["record"]
