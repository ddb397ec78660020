"""How long we wait before trying again, and how fast we post."""

from hypothesis import given
from hypothesis import strategies as st

from bot.backoff import pause
from bot.pacing import Pacing


@given(st.integers(0, 10_000))
def test_a_pause_grows_to_a_quarter_of_an_hour_and_no_further(attempts):
    seconds = pause(attempts).total_seconds()

    assert 1.6 <= seconds <= 900 * 1.2
    assert attempts < 9 or seconds >= 900 * 0.8


class Seconds:
    """A clock that moves when somebody waits."""

    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


def waits(pacing, count, channel="C1"):
    """How long each of `count` posts waits when all are wanted at once."""
    told = []
    for _ in range(count):
        wait = max(0.0, pacing._reserve(channel))
        told.append(round(wait, 3))
    return told


def test_a_short_burst_goes_at_once_and_then_one_a_second():
    pacing = Pacing(Seconds(), per_second=1.0, burst=3)

    assert waits(pacing, 6) == [0, 0, 0, 1, 2, 3]


def test_channels_do_not_wait_for_each_other():
    pacing = Pacing(Seconds(), per_second=1.0, burst=1)
    waits(pacing, 5, "C1")

    assert waits(pacing, 1, "C2") == [0]


def test_a_quiet_second_gives_a_post_back():
    seconds = Seconds()
    pacing = Pacing(seconds, per_second=1.0, burst=2)
    waits(pacing, 2)

    seconds.now += 1

    assert waits(pacing, 2) == [0, 1]


def test_retry_after_holds_the_channel_for_that_long():
    seconds = Seconds()
    pacing = Pacing(seconds, per_second=1.0, burst=3)

    pacing.hold("C1", 7.0)

    assert waits(pacing, 2) == [7, 8]
