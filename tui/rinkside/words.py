"""The words of the command line."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from difflib import get_close_matches
from typing import Final, NoReturn, TypeVar

from rinkside import __version__

_Day = TypeVar("_Day", bound=date)

MOST_DELAY_MS: Final = 600_000
"""As `longtrack.playhead` has it, which takes a while to load."""

_FASTEST: Final = 3600.0

_DESCRIPTION: Final = """\
Follow a speed skating World Cup meet live. Without a command: the meet that is
live, else the next one, else the last one watched; where nothing is known and
nobody answers, the bundled meet in Hamar. Keys are told by ? on the screen.
Where there is no terminal a meet is followed in plain lines (as --plain).
"""

_EPILOG: Final = """\
an EVENT is the feed's id of a meet (2026_NOR_0001), a city or a rink (hamar);
a RACE is a code: W500, M1500, W3000, WMS (mass start), MTP (team pursuit),
  XMR (mixed relay); the second of two in one meet is W500-2, in Division B
  W500B;
a CUP is W500, W1000, W1500, WLONG (3000 m and longer), WMS, WTP, or with M;
WHEN is a day (2025-12-12: its end at the rink) or a time with its zone
  (2025-12-12T18:00+01:00)

--spoiler-free tells nothing that lies ahead of where you stand: a meet is
played from its start or from where you stopped, programme prints planned times
alone, and results, standings and quota refuse (exit code 2), the last two
unless --as-of says until when; the setting is spoiler-free in [watch], and
--spoilers undoes it. A meet begun so stays so until S is pressed twice in it

exit codes: 0 done, 2 wrong words, 3 no such event, race or cup, 4 the feed
  can't be reached and nothing is cached, 5 the feed's answer can't be read,
  6 the data directory can't be used, 130 interrupted
"""

_FORMS: Final = {"json": False, "csv": False, "plain": False}
"""Ways to print something that are asked for."""

_FOLLOWING: Final = ("follow", "demo", "watch")
"""Commands that follow a meet, on a screen or without one."""

_WHEN_HELP: Final = "as it stood then: a day, or a time with its zone"


_NO_SUCH: Final = re.compile(
    r"argument (COMMAND|ACTION): invalid choice: '(.*)' \(choose from (.*)\)", re.DOTALL
)
"""What argparse says of a command there is not."""


class WrongWords(Exception):
    """The words on the command line can't be understood; the message says what to write."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise WrongWords(f"{self._explained(message)}; {self.prog} --help tells the words")

    def _explained(self, message: str) -> str:
        """Name the word that was meant, as far as that can be told."""
        found = _NO_SUCH.match(message)
        if found is not None:
            what, word, rest = found[1].lower(), found[2], found[3]
            known = re.findall(r"[\w-]+", rest)
            return f"there is no {what} {word!r}{_meant(word, known) or f'; there are {rest}'}"
        if (strange := message.removeprefix("unrecognized arguments: ")) != message:
            options = re.findall(r"--[\w-]+", self.format_help())
            return f"{message}{_meant(strange.split()[0].partition('=')[0], options)}"
        return message


def _meant(word: str, known: Sequence[str]) -> str:
    others = [each for each in known if each != word]  # one that goes with other commands
    begun = [each for each in others if each.startswith(word)]
    near = [*begun, *get_close_matches(word, others, 1)][:1]
    return f"; did you mean {near[0]}?" if near else ""


def understood(argv: Sequence[str]) -> argparse.Namespace:
    """Return the words by name; ``command`` is ``follow`` where none was given, ``argv`` is all.

    Raises:
        WrongWords: If they can't be understood.
        SystemExit: When the help or the version was asked for and has been printed.
    """
    nothing = argparse.Namespace(
        command="follow",
        api=None,
        data_dir=None,
        offline=False,
        **_FORMS,
        all=False,
        spoiler_free=None,
    )
    argv = list(argv)
    if argv[:1] == ["help"]:
        argv = [*argv[1:], "--help"]
    words = _parser().parse_args(argv, nothing)
    words.argv = argv
    if sum(getattr(words, form) for form in _FORMS) > 1:
        raise WrongWords("choose one of --json, --csv and --plain")
    if words.csv and words.command in _FOLLOWING:
        raise WrongWords("--csv goes with commands that print a table; this one has --json")
    if words.command in ("watch", "web") and words.delay is not None:
        _refuse_delay(words)
    if words.all and words.command not in _FOLLOWING:
        raise WrongWords("--all goes with what follows a meet: watch, demo, or no command")
    if words.command == "web":
        _refuse_for_web(words)
    if words.offline and words.command == "sync":
        raise WrongWords("sync asks the feed; leave --offline away")
    return words


def _refuse_delay(words: argparse.Namespace) -> None:
    if words.from_start or words.begin is not None or words.speed is not None:
        raise WrongWords(
            "--delay is for a meet that is live; leave --from, --from-start or --speed"
        )
    if words.offline:
        raise WrongWords("--delay is for a meet that is live; leave --offline away")


def _refuse_for_web(words: argparse.Namespace) -> None:
    if any(getattr(words, form) for form in _FORMS):
        raise WrongWords("a browser shows the dashboard; --json, --csv and --plain go with watch")
    if words.event is None and (words.race or words.begin or words.from_start or words.speed):
        raise WrongWords("say which meet: rinkside web EVENT --race ...")


def _parser() -> argparse.ArgumentParser:
    # Given before or after the command; a default would undo what was given before it.
    common = _Parser(add_help=False, argument_default=argparse.SUPPRESS)
    everywhere = common.add_argument_group("everywhere")
    everywhere.add_argument("--api", metavar="URL", help="address of the feed (RINKSIDE_API)")
    everywhere.add_argument(
        "--data-dir", metavar="DIR", help="where tapes are kept (RINKSIDE_DATA_DIR)"
    )
    everywhere.add_argument("--offline", action="store_true", help="ask no feed")
    everywhere.add_argument("--json", action="store_true", help="print JSON for scripts")
    everywhere.add_argument("--csv", action="store_true", help="print CSV for spreadsheets")
    everywhere.add_argument(
        "--plain", action="store_true", help="plain lines, for a screen reader or a log"
    )
    everywhere.add_argument(
        "--spoiler-free", action="store_true", help="tell nothing that lies ahead of you"
    )
    everywhere.add_argument(
        "--spoilers", dest="spoiler_free", action="store_false", help="tell everything"
    )
    following = _Parser(add_help=False, argument_default=argparse.SUPPRESS)
    following.add_argument(
        *("--all", "-v"), action="store_true", help="with --plain: passages and start lists too"
    )

    parser = _Parser(
        prog="rinkside",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        parents=[common, following],
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"rinkside {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", parser_class=_Parser)

    def command(name: str, what: str, *more: _Parser) -> _Parser:
        added = commands.add_parser(
            name,
            help=what,
            description=what[0].upper() + what[1:] + ".",
            parents=[common, *more],
            allow_abbrev=False,
        )
        added.set_defaults(command=name)
        return added

    demo = command(
        "demo", "play the bundled meet in Hamar, from where something happens", following
    )
    demo.add_argument("--speed", type=_speed, metavar="N", help="meet seconds a second")
    watch = command("watch", "follow a meet, or play it again", following)
    watch.add_argument("event", metavar="EVENT|TAPE-FILE")
    _add_watching(watch)
    web = command("web", "show the dashboard in a browser")
    web.add_argument(
        "event", metavar="EVENT|TAPE-FILE", nargs="?", help="what is live or next if left away"
    )
    _add_watching(web)
    web.add_argument("--host", default="127.0.0.1", help="listen here; this computer alone if not")
    web.add_argument("--port", type=_port, default=8000, metavar="N", help="8000 if left away")
    programme = command("programme", "print the races of a meet")
    programme.add_argument("event", metavar="EVENT")
    results = command("results", "print the result of a race")
    results.add_argument("event", metavar="EVENT")
    results.add_argument("race", metavar="RACE")
    standings = command("standings", "print the World Cup standings of a distance")
    standings.add_argument("cup", metavar="CUP")
    standings.add_argument("--season", type=_season, metavar="YEAR", help="the year it ends in")
    standings.add_argument("--as-of", type=_moment, metavar="WHEN", help=_WHEN_HELP)
    standings.add_argument(
        "--live", metavar="EVENT", help="with a meet as it stands, and the places before it"
    )
    quota = command("quota", "print the Olympic quota places of a race, unofficially")
    quota.add_argument("race", metavar="RACE")
    quota.add_argument("--as-of", type=_moment, metavar="WHEN", help=_WHEN_HELP)
    sync = command("sync", "fetch every World Cup of a season, for the standings")
    sync.add_argument("--season", type=_season, metavar="YEAR", help="the year it ends in")
    _add_tapes(command("tapes", "list, export, import and delete tapes"), common)
    _add_config(command("config", "print and change the settings"), common)
    command("doctor", "say whether the feed, this terminal and the files are as needed")
    command("locate", "print where rinkside keeps things")
    return parser


def _add_config(config: _Parser, common: _Parser) -> None:
    config.set_defaults(action="get", key=None)
    actions = config.add_subparsers(metavar="ACTION", parser_class=_Parser)

    def action(name: str, what: str) -> _Parser:
        added = actions.add_parser(
            name,
            help=what,
            description=what[0].upper() + what[1:] + ".",
            parents=[common],
            allow_abbrev=False,
        )
        added.set_defaults(action=name)
        return added

    get = action("get", "print one setting, or all (also without an ACTION)")
    get.add_argument("key", metavar="KEY", nargs="?", help="such as display.time; keys: all keys")
    put = action("set", "change a setting in its file, whose comments stay")
    put.add_argument("key", metavar="KEY")
    put.add_argument("value", metavar="VALUE")
    action("unset", "take a setting out of the file").add_argument("key", metavar="KEY")
    action("path", "print where the file of settings is")


def _add_watching(parser: _Parser) -> None:
    """Add what says where in a meet watching begins, and how fast it goes."""
    parser.add_argument("--race", help="open this race, such as W500")
    begin = parser.add_mutually_exclusive_group()
    begin.add_argument(
        "--from",
        dest="begin",
        type=_beginning,
        metavar="HH:MM",
        help="rink's time: of the race's day, else today, else of the first day; "
        "or with its day, 2025-12-13T14:00",
    )
    begin.add_argument("--from-start", action="store_true", help="play from the beginning")
    parser.add_argument(
        "--speed", type=_speed, metavar="N", help="meet seconds a second; plays from the beginning"
    )
    parser.add_argument(
        "--delay", type=_delay, metavar="SECONDS", help="follow from so far behind the feed"
    )


def _add_tapes(tapes: _Parser, common: _Parser) -> None:
    tapes.set_defaults(action="list")
    actions = tapes.add_subparsers(metavar="ACTION", parser_class=_Parser)

    def action(name: str, what: str, *, event: bool = True) -> _Parser:
        added = actions.add_parser(
            name,
            help=what,
            description=what[0].upper() + what[1:] + ".",
            parents=[common],
            allow_abbrev=False,
        )
        added.set_defaults(action=name)
        if event:
            added.add_argument("event", metavar="EVENT")
            added.add_argument(
                "--kind", choices=("recorded", "reenacted", "bundled"), help="where there are two"
            )
        return added

    def deleting(parser: _Parser) -> None:
        parser.add_argument("--yes", action="store_true", help="delete without asking")
        parser.add_argument("--dry-run", action="store_true", help="say only what would go")

    action("list", "list the tapes of this computer (also without an ACTION)", event=False)
    export = action("export", "write a tape to one file, to be given away")
    export.add_argument("file", metavar="FILE", nargs="?", help="its name in this directory if not")
    taken = action("import", "check a tape somebody sent, and keep it", event=False)
    taken.add_argument("file", metavar="FILE")
    taken.add_argument(
        "--replace", action="store_true", help="set the tape of that meet aside that is here"
    )
    deleting(action("delete", "delete a tape for good"))
    prune = action("prune", "delete tapes for good, those not used for longest first", event=False)
    prune.add_argument("--older-than", type=_age, metavar="AGE", help="all not used for 90d, 12w")
    prune.add_argument(
        "--larger-than", type=_size, metavar="SIZE", help="until all together are within 500MB, 2GB"
    )
    deleting(prune)


def _age(text: str) -> int:
    """Return an age in milliseconds."""
    match = re.fullmatch(r"([0-9]{1,5}) ?([dwy])", text.strip().lower())
    if match is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not an age; write days or weeks: 90d, 12w")
    return int(match[1]) * {"d": 1, "w": 7, "y": 365}[match[2]] * 86_400_000


def _size(text: str) -> int:
    """Return a size in bytes."""
    match = re.fullmatch(r"([0-9]{1,6}(?:\.[0-9]{1,3})?) ?([kmg])b", text.strip().lower())
    if match is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not a size; write it as 500MB or 1.5GB")
    return round(float(match[1]) * {"k": 1e3, "m": 1e6, "g": 1e9}[match[2]])


def _speed(text: str) -> float:
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not 0 < speed <= _FASTEST:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a speed; write a number above 0, at most {_FASTEST:g}"
        )
    return speed


def _delay(text: str) -> int:
    """Return a delay in milliseconds."""
    if not re.fullmatch(r"[0-9]{1,4}", text) or int(text) * 1000 > MOST_DELAY_MS:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a delay; write seconds, 0 to {MOST_DELAY_MS // 1000}"
        )
    return int(text) * 1000


def _port(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", text) or not 0 < int(text) < 65_536:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port; write a number such as 8000")
    return int(text)


def _season(text: str) -> int:
    if not re.fullmatch(r"20[0-9]{2}", text):
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a season; write the year it ends in, such as 2026"
        )
    return int(text)


def _moment(text: str) -> int | date:
    """Return a day, or a tape time."""
    day = _read(date.fromisoformat, text)
    moment = _read(datetime.fromisoformat, text)
    if day is not None:
        return day
    if moment is None:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no moment; write a day as 2025-12-12, or 2025-12-12T18:00+01:00"
        )
    if moment.tzinfo is None:
        raise argparse.ArgumentTypeError(
            f"{text!r} has no time zone; write it as 2025-12-12T18:00+01:00, or a day alone"
        )
    return round(moment.timestamp() * 1000)


def _read(read: Callable[[str], _Day], text: str) -> _Day | None:
    """Return a day or a time of this century, in which all seasons are."""
    try:
        found = read(text)
    except ValueError:
        return None
    return found if found.year // 100 == 20 else None


def _beginning(text: str) -> time | datetime:
    """Return a time of day, or one with its day: at the rink, unless it names a zone."""
    moment = _read(datetime.fromisoformat, text) if "T" in text else None
    return _clock(text) if moment is None else moment


def _clock(text: str) -> time:
    match = re.fullmatch(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?", text)
    try:
        if match is None:
            raise ValueError
        return time(int(match[1]), int(match[2]), int(match[3] or 0))
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a time; write it as 19:30, or with its day as 2025-12-13T14:00"
        ) from None
