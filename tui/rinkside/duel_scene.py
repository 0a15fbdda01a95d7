"""Head to head: all that is shown of two skaters beside each other, as one frozen value."""

from __future__ import annotations

import msgspec

from longtrack.duel import DuelMark, duel
from longtrack.meetings import Meeting, meetings
from longtrack.model import Entry, Race, Skater
from longtrack.names import Families, capitals
from longtrack.people import Who
from longtrack.records import distance_code
from longtrack.rivals import pair_mate, rivals
from rinkside.scene import Scene
from rinkside.skater_scene import Bests, SkaterReader, View, bests


class Side(msgspec.Struct, frozen=True):
    """One of the two who are looked at."""

    who: Who
    entry: str | None = None
    """Key of the start in the race: two there may have one name."""


class DuelView(msgspec.Struct, frozen=True):
    """Which two are looked at."""

    first: Side
    second: Side | None = None
    race: int | None = None
    """Number of the race whose laps are shown."""
    cup: str | None = None
    """The cup whose order others are taken from where no race is shown."""

    def swapped(self) -> DuelView:
        """Return the same two, the second first."""
        if self.second is None:
            return self
        return msgspec.structs.replace(self, first=self.second, second=self.first)


def duel_view(view: View, race: Race | None) -> DuelView:
    """Return somebody beside the pair-mate, else beside whom the laps are compared with.

    Args:
        view: Who, as on their own page.
        race: The race in which.
    """
    if race is None:
        return DuelView(Side(view.who), cup=view.cup)
    entry = next((entry for entry in race.entries if entry.key == view.entry), None)
    other = None
    if entry is not None:
        other = pair_mate(race, entry) or next(iter(rivals(race, entry).values()), None)
    return DuelView(
        first=Side(view.who, view.entry),
        second=Side(Who(other.competitor, race.gender), other.key) if other is not None else None,
        race=race.number,
    )


class Duelist(msgspec.Struct, frozen=True):
    """One of the two, as far as the race and the books know."""

    who: Who
    name: str
    """What a sentence calls them."""
    entry: Entry | None
    """The start in the race."""
    bests: Bests | None
    """Over the distance of the race; None for teams, and where there is no race."""


class DuelScene(msgspec.Struct, frozen=True):
    """All that head to head shows."""

    scene: Scene
    view: DuelView
    race: Race | None
    first: Duelist
    second: Duelist | None
    marks: tuple[DuelMark, ...] = ()
    met: tuple[Meeting, ...] = ()
    """Their races of the season that both started in, in the order they were held."""
    season_known: bool = False


class DuelReader:
    """Puts two skaters together.

    Args:
        skaters: Knows each of them.
    """

    def __init__(self, skaters: SkaterReader) -> None:
        self.skaters = skaters

    def scene(self, scene: Scene, view: DuelView) -> DuelScene:
        """Return all there is to show of two.

        Args:
            scene: The meet where the playhead stands, with the race of the view.
            view: Which two.
        """
        race = scene.race if view.race is not None else None
        first = self._duelist(scene, race, view.first)
        second = None if view.second is None else self._duelist(scene, race, view.second)
        marks: tuple[DuelMark, ...] = ()
        if race is not None and first.entry is not None:
            marks = duel(race, first.entry, second.entry if second is not None else None)
        met: tuple[Meeting, ...] = ()
        if second is not None:
            raced = self.skaters.raced
            met = meetings(raced(scene, first.who), raced(scene, second.who))
        return DuelScene(
            scene=scene,
            view=view,
            race=race,
            first=first,
            second=second,
            marks=marks,
            met=met,
            season_known=self.skaters.season is not None,
        )

    def _duelist(self, scene: Scene, race: Race | None, side: Side) -> Duelist:
        who, entry = side.who, None
        if race is not None:
            at = View(who, race=race.number, entry=side.entry)
            starts = self.skaters.starts(scene, at)
            entry = next((each.entry for each in starts if each.race.number == race.number), None)
        known = None
        if race is not None and isinstance(who.competitor, Skater) and race.distance.metres:
            raced = self.skaters.raced(scene, who)
            known = bests(scene, who.competitor, distance_code(race), raced)
        if entry is not None:
            name = Families(scene.meet.people)[entry]
        else:
            name = capitals(getattr(who.competitor, "family", "") or who.competitor.noc)
        return Duelist(who, name, entry, known)
