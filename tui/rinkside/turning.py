"""Which race a key turns to, from the one on screen."""

from __future__ import annotations

from longtrack.model import Division, Gender, Race
from rinkside.scene import Scene, races_of


def neighbour(scene: Scene, step: int) -> Race | None:
    """Return the race so many steps on in the division, across days; None past either end."""
    meet, number = scene.meet, scene.race.number if scene.race else None
    races = [race for day in meet.days for race in races_of(meet, day, scene.division)]
    here = next((i for i, race in enumerate(races) if race.number == number), None)
    if here is None or not 0 <= here + step < len(races):
        return None
    return races[here + step]


def of_other_gender(scene: Scene) -> Race | None:
    """Return the same distance of the other gender, else the other long one of the same day."""
    race = scene.race
    if race is None:
        return None
    other = Gender.MEN if race.gender is Gender.WOMEN else Gender.WOMEN
    day = scene.meet.day(race)
    same_kind = [
        each
        for each in scene.meet.races
        if each.gender is other
        and each.division is race.division
        and each.distance.discipline is race.distance.discipline
    ]
    # Men and women skate different long distances.
    return min(
        same_kind,
        key=lambda each: (
            each.distance.metres != race.distance.metres,
            each.distance.is_long is not race.distance.is_long,
            each.ordinal != race.ordinal,
            scene.meet.day(each) != day,
        ),
        default=None,
    )


def of_other_division(scene: Scene) -> Race | None:
    """Return the same race of the other division, else the first one of its day there."""
    race, other = scene.race, scene.division.other
    for each in scene.meet.races if race is not None else ():
        if each.division is other and race is not None and each.is_twin_of(race):
            return each
    return next(iter(races_of(scene.meet, scene.day, other)), None)


def of_day(scene: Scene, step: int) -> Race | None:
    """Return what is live on a day so many days on, else its first race; None past the ends."""
    meet, days = scene.meet, scene.meet.days
    if scene.day is None:
        return None
    place = days.index(scene.day) + step if scene.day in days else 0
    if not 0 <= place < len(days):
        return None
    races = races_of(meet, days[place], scene.division) or tuple(
        race for division in Division for race in races_of(meet, days[place], division)
    )
    return next((race for race in races if race.live), races[0])
