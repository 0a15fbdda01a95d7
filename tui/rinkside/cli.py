"""The command line: words understood, commands run, and everything that fails told in a sentence.

What a command does not need is not loaded: the time until something shows is measured.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import re
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from rinkside import garbage
from rinkside.words import WrongWords, understood

if TYPE_CHECKING:
    from longtrack.moments import Moment
    from rinkside.library import Library
    from rinkside.plan import WatchPlan

_OK: Final = 0
_FAULT: Final = 1
_WRONG_WORDS: Final = 2
_NO_DATA_DIRECTORY: Final = 6
_INTERRUPTED: Final = 130
_PIPE_CLOSED: Final = 141

_PIPED_COLUMNS: Final = 100
"""Width of text that goes to no terminal."""


def run(argv: Sequence[str]) -> int:
    """Run one command; whatever goes wrong, what comes out is a sentence and an exit code.

    Args:
        argv: The words after the program's name.

    Returns:
        The exit code, as ``rinkside --help`` lists them.
    """
    _speak_utf8()
    as_json = "--json" in argv
    try:
        words = understood(argv)
        code = _COMMANDS[words.command](words)
        sys.stdout.flush()
        return code
    except WrongWords as error:
        return _refuse(_WRONG_WORDS, str(error), as_json=as_json)
    except SystemExit as end:  # argparse has printed the help or the version
        return end.code if isinstance(end.code, int) else _OK
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        # Python would try to write the rest when it exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _PIPE_CLOSED
    except Exception as error:
        if sys.flags.dev_mode:
            raise
        return _refuse(*_told(error), as_json=as_json)


def _told(error: Exception) -> tuple[int, str]:
    """Return the exit code and the sentence for what went wrong."""
    from longtrack.tape import TapeError
    from rinkside.library import Refusal

    if isinstance(error, Refusal):
        return error.exit_code, str(error)
    if isinstance(error, TapeError | OSError):
        return _NO_DATA_DIRECTORY, f"{error}; name another data directory with --data-dir"
    kind = type(error).__name__
    return _FAULT, f"rinkside met a fault of its own ({kind}: {error}); python -X dev shows where"


def _refuse(code: int, message: str, *, as_json: bool) -> int:
    if as_json:
        row = {"schema": "rinkside.error/1", "code": code, "message": message}
        print(json.dumps(row, ensure_ascii=False), file=sys.stderr)
    else:
        _remark(message)
    return code


def _remark(*sentences: str) -> None:
    for sentence in sentences:
        print(f"rinkside: {sentence}", file=sys.stderr)


def _speak_utf8() -> None:
    """Write UTF-8 to pipes and files, and to a terminal what it can show."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            encoding = stream.encoding if stream.isatty() else "utf-8"
            stream.reconfigure(encoding=encoding, errors="replace")


# --- commands ----------------------------------------------------------------------------------


def _follow(words: argparse.Namespace) -> int:
    from rinkside.plan import WatchPlan
    from rinkside.spoilers import meet_without

    library = _library(words)
    plan = WatchPlan(library.locations, api=library.api, offline=library.offline)
    return _show(words, meet_without(library, plan, words.spoiler_free, _remark), library)


def _demo(words: argparse.Namespace) -> int:
    from rinkside.plan import demo_plan
    from rinkside.spoilers import are_unwanted

    library = _library(words)
    plan = demo_plan(
        library.locations,
        speed=words.speed,
        api=library.api,
        offline=library.offline,
        spoiler_free=are_unwanted(library, words.spoiler_free, begun=False),
    )
    return _show(words, plan, library)


def _watch(words: argparse.Namespace) -> int:
    from rinkside.oneshot import make_whole
    from rinkside.plan import Edge

    plan, library = _watched(words)
    if plan.event_id is not None and plan.start is not Edge.LIVE and not library.offline:
        _remark(*make_whole(library, plan.event_id))
    return _show(words, plan, library)


def _watched(words: argparse.Namespace) -> tuple[WatchPlan, Library]:
    """Return what is to be watched; it is refused here where there is no such thing."""
    from rinkside.oneshot import look_up
    from rinkside.plan import Edge, WatchPlan
    from rinkside.spoilers import are_unwanted

    library = _library(words)
    file = Path(words.event) if _is_file_name(words.event) else None
    event_id = None if file is not None else look_up(library, words.event)
    begun = library.place(file or event_id or "") is not None
    spoiler_free = are_unwanted(library, words.spoiler_free, begun=begun)
    start = words.begin
    if start is None:
        replays = file is not None or words.speed is not None
        start = Edge.BEGINNING if replays else Edge.LIVE
        if words.from_start or (spoiler_free and (words.race is not None or _is_told(words))):
            start = Edge.BEGINNING
        elif spoiler_free:
            start = Edge.PLACE
    plan = WatchPlan(
        library.locations,
        event_id=event_id,
        tape_file=file,
        race=words.race,
        start=start,
        speed=words.speed or 1.0,
        spoiler_free=spoiler_free,
        delay_ms=words.delay,
        api=library.api,
        offline=library.offline,
    )
    if words.race is not None:
        _check_race(library, plan, words.race)
    return plan, library


def _web(words: argparse.Namespace) -> int:
    try:
        from rinkside.web import passed_on, serve
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("rinkside"):
            raise
        raise WrongWords(
            "a browser needs the extra part [web]: pip install 'rinkside[web]'"
        ) from None
    on = passed_on(words.argv)
    if words.event is not None:
        # What is wrong is told here, not on a page that has ended.
        _watched(words)
        on.insert(0, "watch")
    garbage.begin()
    serve(on, words.host, words.port, _remark)
    return _OK


def _programme(words: argparse.Namespace) -> int:
    from rinkside import report
    from rinkside.oneshot import look_up, programme
    from rinkside.spoilers import are_unwanted, as_planned

    library = _library(words)
    event_id = look_up(library, words.event)
    begun = library.place(event_id) is not None
    with closing(programme(library, event_id)) as answer:
        meet, source = answer.meet, answer.source
        _remark(*answer.notes)
        if are_unwanted(library, words.spoiler_free, begun=begun):
            meet = as_planned(meet)
            _remark(
                "these are the planned times alone; --spoilers tells what has come of the races"
            )
        rows = report.programme_rows(meet)
        if words.json:
            as_of = answer.as_of(*meet.races)
            _print_json(report.envelope("programme", meet.id, as_of, source, rows))
        elif words.csv:
            sys.stdout.write(report.programme_csv(rows))
        elif words.plain:
            from rinkside.plain_sheet import programme_lines

            _print_lines(programme_lines(meet, source))
        else:
            from rinkside.sheet import programme_text

            sys.stdout.write(programme_text(meet, source, width=_columns()))
    return _OK


def _results(words: argparse.Namespace) -> int:
    from rinkside import report
    from rinkside.oneshot import look_up, results
    from rinkside.spoilers import refuse_result

    library = _library(words)
    event_id = look_up(library, words.event)
    refuse_result(library, words.spoiler_free, event_id)
    answer, race = results(library, event_id, words.race)
    with closing(answer):
        meet, book, source = answer.meet, answer.records, answer.source
        _remark(*answer.notes)
        if not race.entries:
            _remark(f"no source has the result of {race.code}")
        rows = report.result_rows(meet, race, book)
        if words.json:
            as_of = answer.as_of(race)
            _print_json(report.envelope("results", meet.id, as_of, source, rows))
        elif words.csv:
            sys.stdout.write(report.results_csv(race, rows))
        elif words.plain:
            from rinkside.plain_sheet import results_lines

            _print_lines(results_lines(meet, race, book, source))
        else:
            from rinkside.sheet import results_text

            sys.stdout.write(results_text(meet, race, book, source, width=_columns()))
    return _OK


def _standings(words: argparse.Namespace) -> int:
    from rinkside.season_commands import standings
    from rinkside.spoilers import refuse_standings

    library = _library(words)
    if words.as_of is None:
        refuse_standings(library, words.spoiler_free)
    answer = standings(library, words.cup, year=words.season, when=words.as_of, live=words.live)
    _remark(*answer.notes)
    if answer.by_table is not None and (words.json or words.csv):
        _remark(f"points are {answer.by_table}")
    parts = answer.standings, answer.races, answer.before
    if words.json:
        from rinkside import report, season_report

        year, rows = answer.season.year, season_report.standings_rows(*parts)
        _print_json(report.envelope("standings", year, answer.as_of, answer.source, rows))
    elif words.csv:
        from rinkside.season_report import standings_csv

        sys.stdout.write(standings_csv(*parts))
    elif words.plain:
        from rinkside.plain_sheet import standings_lines

        _print_lines(standings_lines(answer))
    else:
        from rinkside.season_sheet import standings_text

        sys.stdout.write(standings_text(answer, width=_columns()))
    return _OK


def _quota(words: argparse.Namespace) -> int:
    from rinkside.season_commands import quotas
    from rinkside.spoilers import refuse_standings

    library = _library(words)
    if words.as_of is None:
        refuse_standings(library, words.spoiler_free)
    answer = quotas(library, words.race, when=words.as_of)
    _remark(*answer.notes)
    if words.json:
        from rinkside import report, season_report

        year, rows = answer.season.year, season_report.quota_rows(answer.quota)
        _print_json(report.envelope("quota", year, answer.as_of, answer.source, rows))
    elif words.csv:
        from rinkside.season_report import quota_csv

        sys.stdout.write(quota_csv(answer.quota))
    elif words.plain:
        from rinkside.plain_sheet import quota_lines

        _print_lines(quota_lines(answer))
    else:
        from rinkside.season_sheet import quota_text

        sys.stdout.write(quota_text(answer, width=_columns()))
    return _OK


def _sync(words: argparse.Namespace) -> int:
    from contextlib import nullcontext

    from rinkside import synced as told
    from rinkside.sync_command import progress_bar, sync

    library = _library(words)
    for_scripts = words.json or words.csv
    has_bar = not (words.json or words.plain) and sys.stderr.isatty()
    lines: list[str] = []

    def tell_meet(meet: told.MeetSynced) -> None:
        line = told.meet_line(meet)
        if has_bar:
            lines.append(line)  # until the bar is gone
        else:
            print(line, file=sys.stderr if for_scripts else sys.stdout, flush=True)

    try:
        with progress_bar() if has_bar else nullcontext(lambda _: None) as tell_progress:
            synced = sync(library, words.season, tell_progress, tell_meet)
    except KeyboardInterrupt:
        _remark("what has come is kept; the same words go on from there")
        raise
    if words.json:
        from rinkside import report

        rows = told.synced_rows(synced)
        _print_json(report.envelope("sync", synced.year, synced.as_of, synced.source, rows))
    elif words.csv:
        sys.stdout.write(told.synced_csv(synced))
    else:
        print(*lines, told.last_line(synced), sep="\n")
    _remark(*library.notes, *told.shortcomings(synced))
    return _OK


def _tapes(words: argparse.Namespace) -> int:
    from rinkside.tapes_command import ask, tapes

    told = tapes(words, _library(words), ask, _columns())
    if words.json or words.csv:
        from longtrack.model import Source
        from rinkside import report, tapes_report

        rows = [{**row, **told.facts} for row in tapes_report.tape_rows(told.tapes)]
        if words.json:
            newest = max((tape.span[1] for tape in told.tapes if tape.span), default=None)
            _print_json(report.envelope("tapes", None, newest, Source.CACHE, rows))
        else:
            sys.stdout.write(tapes_report.tapes_csv(rows))
    else:
        sys.stdout.write(told.text)
    _remark(*told.remarks)
    return _OK


def _doctor(words: argparse.Namespace) -> int:
    from rinkside import doctor
    from rinkside.doctor_command import examined
    from rinkside.locations import Locations

    garbage.begin()
    now = round(time.time() * 1000)
    findings = examined(
        Locations.find(words.data_dir), *_addresses(words), now, offline=words.offline
    )
    rows = doctor.doctor_rows(findings)
    if words.json:
        from longtrack.model import Source
        from rinkside import report

        source = Source.CACHE if words.offline else Source.FEED
        _print_json(report.envelope("doctor", None, now, source, rows))
    elif words.csv:
        from rinkside.report import csv_text

        sys.stdout.write(csv_text(("area", "grade", "code", "text"), rows))
    else:
        sys.stdout.write(doctor.doctor_text(findings))
    return doctor.exit_code(findings)


def _locate(words: argparse.Namespace) -> int:
    from rinkside.locations import Locations

    found = Locations.find(words.data_dir)
    names = (
        *("data", "tapes", "remembered"),
        *("config", "settings", "followed", "records", "themes"),
    )
    rows = [{"name": name, "path": str(getattr(found, name))} for name in names]
    if words.json:
        _print_json({"schema": "rinkside.locate/1", "data": rows})
    elif words.csv:
        from rinkside.report import csv_text

        sys.stdout.write(csv_text(("name", "path"), rows))
    else:
        print("\n".join(f"{row['name']:<10}  {row['path']}" for row in rows))
    return _OK


def _config(words: argparse.Namespace) -> int:
    from rinkside.config_command import FIELDS, config
    from rinkside.locations import Locations

    answer = config(words, Locations.find(words.data_dir))
    if words.json:
        _print_json({"schema": "rinkside.config/1", "data": answer.rows})
    elif words.csv:
        from rinkside.report import csv_text

        sys.stdout.write(csv_text(FIELDS, answer.rows))
    else:
        sys.stdout.write(answer.text)
    _remark(*answer.remarks)
    return _OK


_COMMANDS: Final[Mapping[str, Callable[[argparse.Namespace], int]]] = {
    "follow": _follow,
    "demo": _demo,
    "watch": _watch,
    "web": _web,
    "programme": _programme,
    "results": _results,
    "standings": _standings,
    "quota": _quota,
    "sync": _sync,
    "tapes": _tapes,
    "config": _config,
    "doctor": _doctor,
    "locate": _locate,
}


# --- what commands share -----------------------------------------------------------------------


def _show(words: argparse.Namespace, plan: WatchPlan, library: Library) -> int:
    if _is_told(words):
        return _tell(words, plan, library)
    from msgspec.structs import replace

    from rinkside.app import run as run_dashboard

    return run_dashboard(replace(plan, records_api=library.records_api))


def _tell(words: argparse.Namespace, plan: WatchPlan, library: Library) -> int:
    """Follow a meet as lines, which is what happens by itself where there is no terminal."""
    import asyncio

    from rinkside.telling import Telling

    garbage.begin()
    if words.json:
        from rinkside.report import moment_row

        def tell(moment: Moment) -> None:
            _print_json(moment_row(moment))

        telling = Telling(plan, library, tell, _remark)
    else:
        from rinkside.plain import PlainTelling

        plain = PlainTelling(_print_line, all_kinds=words.all)
        telling = Telling(plan, library, plain.tell, _remark, plain.look)
    asyncio.run(telling.run())
    return _OK


def _check_race(library: Library, plan: WatchPlan, code: str) -> None:
    """Refuse a race a meet is known not to have, before a screen opens."""
    from rinkside.library import NoSuch
    from rinkside.oneshot import named

    if plan.tape_file is not None:
        opened = library.open_file(plan.tape_file)
    else:
        kept = library.kept(plan.event_id or "")
        if kept is None:
            if not re.fullmatch(r"[WMX]([0-9]{3,5}|MS|TP|TS|MR)(-[12])?B?", code.upper()):
                raise NoSuch(f"no race is called {code}; races are W500, M1500-2, WMS, MTPB ...")
            return
        opened = kept
    with closing(opened.tape):
        named(opened.newest, code)


def _library(words: argparse.Namespace) -> Library:
    from longtrack.clock import TapeClock
    from rinkside.library import Library
    from rinkside.locations import Locations

    locations = Locations.find(words.data_dir)
    _make_sure_of(locations.data)
    api, records_api = _addresses(words)
    try:
        return Library(
            locations,
            api,
            offline=words.offline,
            clock=TapeClock(),
            records_api=records_api,
        )
    except ValueError as error:
        raise WrongWords(str(error)) from None


def _addresses(words: argparse.Namespace) -> tuple[str, str]:
    """Return the addresses of the feed and of the source of records, which may be empty."""
    from longtrack.isu import DEFAULT_API
    from rinkside.library import RECORDS_API

    api = words.api or os.environ.get("RINKSIDE_API") or DEFAULT_API
    return api, os.environ.get("RINKSIDE_RECORDS_API", RECORDS_API).strip()


def _make_sure_of(directory: Path) -> None:
    """Refuse a data directory nothing can be kept in, before anything is asked or shown."""
    from longtrack.tape import TapeUnusable

    try:
        directory.mkdir(parents=True, exist_ok=True)
        if not os.access(directory, os.W_OK | os.X_OK):
            raise PermissionError(13, "it can't be written")
    except OSError as error:
        taken = isinstance(error, FileExistsError)
        reason = "there is a file" if taken else (error.strerror or str(error)).lower()
        raise TapeUnusable(f"the data directory {directory} can't be used: {reason}") from None


def _is_told(words: argparse.Namespace) -> bool:
    """Tell whether a meet is followed in lines and not on a screen."""
    return words.json or words.plain or not _has_terminal()


def _has_terminal() -> bool:
    """Tell whether there is a screen: a terminal that can be written anywhere, or a browser."""
    if os.environ.get("TEXTUAL_DRIVER"):
        return True  # named by who shows the program elsewhere, as ``rinkside web`` does
    is_dumb = os.environ.get("TERM") == "dumb"
    return sys.stdin.isatty() and sys.stdout.isatty() and not is_dumb


def _is_file_name(word: str) -> bool:
    return word.endswith(".tape") or "/" in word or os.sep in word


def _columns() -> int:
    return shutil.get_terminal_size((_PIPED_COLUMNS, 24)).columns


def _print_lines(lines: Iterable[str]) -> None:
    sys.stdout.writelines(f"{line}\n" for line in lines)


def _print_line(line: str) -> None:
    print(line, flush=True)


def _print_json(row: dict[str, Any]) -> None:
    print(json.dumps(row, ensure_ascii=False), flush=True)
