"""The strip of the meet screen: drawn again only when anything on it can have moved."""

from __future__ import annotations

from rinkside.drawing.timeline import Scale, strip
from rinkside.ink import Line
from rinkside.scene import Scene
from rinkside.session import Session

_STEP_MS = 10_000
"""A column is half a minute or more, and the strip's clock has no seconds."""


class StripReader:
    """Draws the strip of a scene, and keeps it while the scene's races and moments stay."""

    def __init__(self) -> None:
        self._key: tuple[object, ...] = ()
        self._lines: list[Line] = []

    def lines(self, session: Session, scene: Scene, width: int, rows: int) -> list[Line]:
        """Return the strip's lines.

        Args:
            session: The meet.
            scene: What is on screen of it.
            width: Columns.
            rows: How many lines there are.
        """
        moments = session.moments(scene.at)
        places = scene.at // _STEP_MS, session.clock() // _STEP_MS if session.follows_feed else 0
        # A race that is the very same object has not changed.
        races = tuple(id(race) for race in scene.tabs)
        last = moments[-1] if moments else None
        key = (races, len(moments), id(last), places, session.follows_feed, width, rows)
        if key != self._key:
            zone = scene.meet.event.zone
            self._key, self._lines = key, strip(session.timeline(scene), zone, width, rows)
        return self._lines

    def time(self, session: Session, scene: Scene, width: int, column: int) -> int | None:
        """Return the tape time of a column; None where the strip shows no time.

        Of a meet that is followed nothing is there to go to beyond the live edge: a column from
        there on is the present.
        """
        shown = session.timeline(scene)
        if not shown.stretches:
            return None
        scale = Scale(shown, width)
        follows = session.follows_feed and not session.spoiler_free
        if follows and column >= scale.column(shown.edge):
            return shown.edge
        return scale.time(column)
