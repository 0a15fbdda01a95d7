"""A 10,000 m with every lap, as the skater's page was drawn: four skaters, two pairs."""

from __future__ import annotations

from typing import Final

from meets import EVENING, Rink, ms

_JILEK_TIMES: Final = (
    "33.30 1:03.06 1:32.82 2:02.71 2:32.39 3:02.22 3:31.90 4:01.82 4:31.68 5:01.62 5:31.43 6:01.30 "
    "6:31.12 7:00.91 7:30.76 8:00.51 8:30.33 9:00.22 9:30.07 9:59.88 10:29.88 10:59.73 11:29.53 "
    "11:59.38 12:29.63"
)
_AHEAD_OF_GHIOTTO: Final = (
    66, 78, 96, 97, 119, 122, 146, 156, 167, 175, 191, 203, 219, 226, 245, 272, 293, 292, 295, 309,
    307, 326, 348, 370, 374,
)  # fmt: skip
"""In hundredths."""

PEOPLE: Final = (
    ("Davide", "Ghiotto", "ITA"),
    ("Sander", "Eitrem", "NOR"),
    ("Metoděj", "Jílek", "CZE"),
    ("Timothy", "Loubineaud", "FRA"),
)
GHIOTTO, EITREM, JILEK, LOUBINEAUD = range(4)


def _ms(text: str) -> int:
    minutes, _, seconds = text.rpartition(":")
    return int(minutes or 0) * 60_000 + round(float(seconds) * 1000)


def times() -> list[list[int]]:
    """Return everybody's times at the 25 marks, in milliseconds."""
    jilek = [_ms(text) for text in _JILEK_TIMES.split()]
    ghiotto = [time + 10 * ahead for time, ahead in zip(jilek, _AHEAD_OF_GHIOTTO, strict=True)]
    eitrem = [time + 7970 * mark // 24 for mark, time in enumerate(ghiotto)]
    loubineaud = [
        time - 300 + (max(0, mark - 12) * 3400) // 12 for mark, time in enumerate(ghiotto)
    ]
    return [ghiotto, eitrem, jilek, loubineaud]


def rink(*, done: int = 25) -> Rink:
    """Return a meet with this race.

    Args:
        done: How many marks the second pair has passed.
    """
    made = Rink()
    made.wire.add_race(begin=EVENING, gender="M", metres=10_000, starters=4)
    for row, (given, family, noc) in enumerate(PEOPLE):
        made.rename(1, row, given, family)
        made.wire.races[1].rows[row].noc = noc
    made.publish(after=-600)
    made.clock.now = ms(EVENING)
    made.wire.start(1)
    for row, marks in enumerate(times()):
        for mark, time in enumerate(marks):
            if row < JILEK or mark < done:
                made.wire.passage(1, row, mark, time)
    made.clock.on(1600)
    made.publish()
    return made
