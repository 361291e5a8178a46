"""The in-memory limit: bursts, refill, and a bound on memory."""

from services.base.limits import MOST_KEY_LENGTH, Bucket


def test_a_burst_is_allowed_up_to_the_capacity_and_then_refused() -> None:
    bucket = Bucket(capacity=3, refill_per_second=1)
    assert [bucket.take("a", moment=0.0) for _ in range(5)] == [True, True, True, False, False]


def test_a_refused_call_takes_nothing_and_time_refills_no_more_than_the_capacity() -> None:
    bucket = Bucket(capacity=2, refill_per_second=0.5)
    assert [bucket.take("a", moment=0.0) for _ in range(3)] == [True, True, False]
    assert bucket.take("a", moment=1.9) is False
    assert bucket.take("a", moment=2.0) is True
    assert [bucket.take("a", moment=1000.0) for _ in range(3)] == [True, True, False]


def test_one_keys_flood_does_not_touch_another() -> None:
    bucket = Bucket(capacity=1, refill_per_second=0.001)
    assert [bucket.take("loud", moment=0.0) for _ in range(3)] == [True, False, False]
    assert bucket.take("quiet", moment=0.0) is True


def test_a_clock_that_goes_back_refills_nothing() -> None:
    bucket = Bucket(capacity=1, refill_per_second=1)
    assert bucket.take("a", moment=10.0) is True
    assert bucket.take("a", moment=3.0) is False


def test_a_flood_of_keys_is_bounded_and_forgets_the_longest_unused() -> None:
    bucket = Bucket(capacity=1, refill_per_second=0, max_keys=3)
    for key in ("a", "b", "c"):
        assert bucket.take(key, moment=0.0) is True
    assert bucket.take("a", moment=0.0) is False  # used again: now "b" is the oldest
    assert bucket.take("d", moment=0.0) is True
    assert len(bucket) == 3
    assert bucket.take("a", moment=0.0) is False
    assert bucket.take("b", moment=0.0) is True


def test_a_flood_of_long_keys_is_as_small_as_one_of_short_keys() -> None:
    """A server takes 400 KB of cookies: ten thousand of them were four gigabytes."""
    bucket = Bucket(capacity=1, refill_per_second=0)
    long = "x" * MOST_KEY_LENGTH
    for number in range(3):
        assert bucket.take(f"{number}{long}", moment=0.0) is True
        assert bucket.take(f"{number}{long}", moment=0.0) is False
    assert {len(key) for key in bucket._levels} == {MOST_KEY_LENGTH}
