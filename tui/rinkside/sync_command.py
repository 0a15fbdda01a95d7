"""``rinkside sync``: a season is fetched while somebody waits and sees how far it is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from longtrack.http import Feed, FeedError, NotFound
from longtrack.isu import Unreadable
from longtrack.points import season_words
from rinkside import __version__
from rinkside.asking import WAITED_FOR
from rinkside.library import Library, NoSuch, Refusal
from rinkside.oneshot import refusal
from rinkside.synced import MeetSynced, Progress, Synced
from rinkside.syncing import SeasonSync, is_to_come

OnProgress = Callable[[Progress], None]
OnMeet = Callable[[MeetSynced], None]

MANNER: Final = WAITED_FOR
"""How the feed is asked."""

_BAR_COLUMNS: Final = 24


def sync(library: Library, year: int | None, on_progress: OnProgress, on_meet: OnMeet) -> Synced:
    """Fetch a season.

    Args:
        library: Where it is kept, and whom to ask.
        year: The year it ends in; None for the newest in which a World Cup has begun.
        on_progress: Is told how far it is.
        on_meet: Is told what has come of each meet.

    Raises:
        Refusal: If there is no such season, or nothing can be had of it and nothing is kept.
        longtrack.tape.TapeError: If the data directory can't be used.
    """
    return asyncio.run(_synced(library, year, on_progress, on_meet))


async def _synced(
    library: Library, year: int | None, on_progress: OnProgress, on_meet: OnMeet
) -> Synced:
    async with Feed(library.api, version=__version__) as feed:

        def season(year: int) -> SeasonSync:
            return SeasonSync(
                library, feed, year, manner=MANNER, on_progress=on_progress, on_meet=on_meet
            )

        wanted = year or library.present_season
        sync = season(wanted)
        if year is None and await _is_to_begin(library, sync, wanted):
            wanted -= 1
            sync = season(wanted)
        try:
            synced = await sync.run()
        except (FeedError, Unreadable) as error:
            raise _refusal(wanted, error) from None
    if not synced.meets:
        raise NoSuch(f"the feed lists no World Cup of {season_words(wanted)}")
    trouble = synced.trouble
    if trouble is not None and not synced.has_anything and not isinstance(trouble, NotFound):
        raise _refusal(wanted, trouble)
    return synced


async def _is_to_begin(library: Library, sync: SeasonSync, year: int) -> bool:
    """Tell whether the season before is the one with results: it is summer."""
    told = True
    try:
        await sync.discover()
    except NotFound:
        pass  # the feed knows nothing of it yet
    except (FeedError, Unreadable):
        told = bool(library.told_world_cups(year - 1))
    events = library.told_world_cups(year)
    return told and all(is_to_come(event, library.clock()) for event in events)


def _refusal(year: int, error: FeedError | Unreadable) -> Refusal:
    if isinstance(error, NotFound):
        return NoSuch(f"the feed knows no season {season_words(year)}")
    return refusal(f"the season {season_words(year)}", error)


@contextmanager
def progress_bar() -> Iterator[OnProgress]:
    """Show on the terminal's standard error, in one line, how far it is; at the end it is gone."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(_BAR_COLUMNS),
        MofNCompleteColumn(),
        TextColumn("{task.fields[sentence]}", markup=False),
    )
    # What is printed meanwhile goes where it is meant to, not through the bar.
    with Bar(
        *columns,
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    ) as bar:
        task = bar.add_task("season", total=None, sentence="")

        def show(progress: Progress) -> None:
            bar.update(
                task,
                description=progress.meet or "season",
                completed=progress.done,
                total=progress.of,
                sentence=progress.sentence,
            )

        yield show
