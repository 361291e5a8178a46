"""News between the processes and screens of one installation.

`publish` after the commit; a screen subscribes before it reads its snapshot, so that nothing falls
between. Messages are small facts ("this order changed"), never data: whoever hears one reads the
database again. A queue that is full loses its oldest message and says so by a gap: the screen then
reads a fresh snapshot.
"""

# Redis's methods take untyped **kwargs and hand over untyped messages.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from services.base import metrics
from services.base.settings import settings

CHANNEL = "smartmenu:live"
QUEUE_SIZE = 256
RETRY_SECONDS = 0.5
# What is raised while Redis, where several processes keep their open tabs, cannot be reached.
OUTAGES = (RedisError, OSError)


@dataclass(frozen=True, slots=True)
class News:
    """Something changed. `gap` means news were lost: read everything again."""

    topic: str
    what: str
    subject_id: str = ""
    gap: bool = False


class Subscription:
    """What one screen hears: a bounded queue over some topics."""

    def __init__(self, topics: frozenset[str]) -> None:
        """Listen to these topics."""
        self.topics = topics
        self._queue: asyncio.Queue[News] = asyncio.Queue(QUEUE_SIZE)

    def put(self, news: News) -> None:
        """Hand over one message; when the queue is full everything waiting becomes one gap."""
        if self._queue.full():
            while not self._queue.empty():
                self._queue.get_nowait()
            news = News(news.topic, news.what, gap=True)
            metrics.GAPS.inc()
        self._queue.put_nowait(news)

    async def next(self, timeout_seconds: float | None = None) -> list[News]:
        """Everything that has arrived, waiting for the first; an empty list after the timeout."""
        try:
            first = await asyncio.wait_for(self._queue.get(), timeout_seconds)
        except TimeoutError:
            return []
        heard = [first]
        while not self._queue.empty():
            heard.append(self._queue.get_nowait())
        return heard


class Hub:
    """All subscriptions of one process."""

    def __init__(self) -> None:
        """Start with nobody listening."""
        self._by_topic: dict[str, set[Subscription]] = defaultdict(set)

    def add(self, subscription: Subscription) -> None:
        """Start to deliver."""
        for topic in subscription.topics:
            self._by_topic[topic].add(subscription)

    def remove(self, subscription: Subscription) -> None:
        """Stop delivering."""
        for topic in subscription.topics:
            listeners = self._by_topic.get(topic)
            if listeners is not None:
                listeners.discard(subscription)
                if not listeners:
                    del self._by_topic[topic]

    def deliver(self, news: News) -> None:
        """Put a message into every queue that wants it."""
        listeners = tuple(self._by_topic.get(news.topic, ()))
        for subscription in listeners:
            subscription.put(news)
        metrics.DELIVERIES.inc(len(listeners))

    def count(self) -> int:
        """How many screens follow something."""
        return len({one for listeners in self._by_topic.values() for one in listeners})

    def deliver_gap(self) -> None:
        """Tell everybody that news may have been lost."""
        for topic in tuple(self._by_topic):
            self.deliver(News(topic, "gap", gap=True))


_hub = Hub()
_redis: Redis | None = None


def orders_topic(restaurant_id: UUID) -> str:
    """Orders of a restaurant: board and floor."""
    return f"orders:{restaurant_id}"


def floor_topic(restaurant_id: UUID) -> str:
    """Tables and sittings of a restaurant."""
    return f"floor:{restaurant_id}"


def menu_topic(restaurant_id: UUID) -> str:
    """The menu of a restaurant: guests' open pages."""
    return f"menu:{restaurant_id}"


def visit_topic(visit_id: UUID) -> str:
    """One guest's orders."""
    return f"visit:{visit_id}"


def sitting_topic(sitting_id: UUID) -> str:
    """Everybody at one table."""
    return f"sitting:{sitting_id}"


def reservations_topic(restaurant_id: UUID) -> str:
    """Reservations and the waitlist of a restaurant: the day's screen and guests' own pages."""
    return f"reservations:{restaurant_id}"


def messages_topic(restaurant_id: UUID) -> str:
    """What guests and a restaurant say to each other over WhatsApp."""
    return f"messages:{restaurant_id}"


def session_topic(session_id: UUID) -> str:
    """One log-in: ends its open screens."""
    return f"session:{session_id}"


async def publish(topics: Iterable[str], what: str, subject_id: UUID | str = "") -> None:
    """Tell every screen of every process. Call it after the commit.

    Delivery is best effort: screens read a snapshot when they connect, and a broken connection
    to Redis is followed by a gap.
    """
    messages = [News(topic, what, str(subject_id)) for topic in topics]
    metrics.NEWS.labels(what).inc()
    client = _client()
    if client is None:
        for news in messages:
            _hub.deliver(news)
        return
    body = orjson.dumps([(news.topic, news.what, news.subject_id) for news in messages])
    with contextlib.suppress(*OUTAGES):
        await client.publish(CHANNEL, body)


@asynccontextmanager
async def subscribe(topics: Iterable[str]) -> AsyncGenerator[Subscription]:
    """Hear about some topics as long as the context is open."""
    subscription = Subscription(frozenset(topics))
    _hub.add(subscription)
    try:
        yield subscription
    finally:
        _hub.remove(subscription)


def subscription_count() -> int:
    """How many screens of this process follow something."""
    return _hub.count()


async def listen(on_return: Callable[[], Awaitable[None]]) -> None:
    """Bring the news of other processes into this one; runs as long as the process does.

    Args:
        on_return: called when Redis is there again after it was away. The state of open tabs, which
            it kept, may be lost by then.
    """
    if not settings().redis_url:
        return
    # A client that tries again by itself would come back without a word, and with a gap in between.
    client = _new_client(retry=Retry(NoBackoff(), 0))
    was_away = False
    while True:
        try:
            async with client.pubsub() as channel:
                await channel.subscribe(CHANNEL)
                # What was said while nobody listened is gone: screens must look again.
                _hub.deliver_gap()
                if was_away:
                    was_away = False
                    await on_return()
                async for message in channel.listen():
                    if message["type"] == "message":
                        for topic, what, subject_id in orjson.loads(message["data"]):
                            _hub.deliver(News(topic, what, subject_id))
        except OUTAGES:
            was_away = True
            await asyncio.sleep(RETRY_SECONDS)


def _client() -> Redis | None:
    global _redis  # noqa: PLW0603 - one connection pool a process
    if _redis is None and settings().redis_url:
        _redis = _new_client()
    return _redis


def _new_client(**options: Any) -> Redis:  # noqa: ANN401 - of the Redis client
    return Redis.from_url(
        settings().redis_url, socket_keepalive=True, health_check_interval=15, **options
    )


async def close() -> None:
    """Close the connections to Redis."""
    global _redis  # noqa: PLW0603
    if _redis is not None:
        await _redis.aclose()
        _redis = None


async def is_connected() -> bool:
    """Whether news get through: always in one process, else Redis must answer."""
    client = _client()
    if client is None:
        return True
    try:
        answer: Any = client.ping()
        return bool(await answer)
    except OUTAGES:
        return False
