"""A feed on this machine: a real HTTP server that serves documents and misbehaves when told to.

In tests it is a context manager; by hand it plays an invented meet to watch:

    python tests/feed_server.py --port 8700 --play [--speed 10] [--two-live] [--later-today]
                                [--over] [--faults]
    rinkside --api http://127.0.0.1:8700 watch 2026_NOR_0001
"""

from __future__ import annotations

import argparse
import asyncio
import fnmatch
import gzip
import hashlib
import json
import struct
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from enum import Enum
from random import Random
from socket import SO_LINGER, SOL_SOCKET
from types import TracebackType
from typing import Final, NamedTuple, Self
from urllib.parse import parse_qs, urlencode, urlsplit

from wire import Step, WireMeet

WEB_PAGE: Final = b"<!DOCTYPE html><html><head><title>Results</title></head><body></body></html>"


class Fault(Enum):
    """A way to misbehave."""

    STATUS = "status"
    """Another status than 200, see `Trouble.status`."""
    HANG = "hang"
    """Take the request and never answer."""
    HALF = "half"
    """Announce the whole body, send half of it, close."""
    RESET = "reset"
    """Reset the connection instead of an answer."""
    WEB_PAGE = "web page"
    """A page for browsers, with status 200."""
    OTHER_SHAPE = "other shape"
    """JSON, but of another kind."""
    EMPTY = "empty"
    """A body of no bytes, with status 200."""
    TRICKLE = "trickle"
    """One byte of the body at a time, for ever."""
    GARBAGE = "garbage"
    """Bytes that are nothing."""
    BAD_GZIP = "bad gzip"
    """Bytes that are said to be packed, and are not."""
    OTHER_HOST = "other host"
    """A redirect to another host."""
    CIRCLES = "circles"
    """A redirect to the same path."""
    HUGE = "huge"
    """More than anybody wants."""


@dataclass
class Trouble:
    """A fault, for which documents and how often."""

    fault: Fault
    pattern: str = "*"
    """Paths, as in a shell: ``*/results/``."""
    left: int | None = None
    """For so many requests; None: until it is cleared."""
    status: int = 500
    headers: Mapping[str, str] = field(default_factory=dict)
    worn_out: threading.Event = field(default_factory=threading.Event)
    """Set when it has been met as often as asked for."""


class Request(NamedTuple):
    """A request as it came in."""

    path: str
    """With its query, without the first slash and the server's prefix."""
    at: float
    """Seconds on the monotonic clock."""
    headers: Mapping[str, str]
    """By name in lower case."""
    port: int
    """The client's port: the same for requests on one connection."""


class FeedServer:
    """Serves documents on the loopback, in a thread of its own.

    Use it with ``with`` or ``async with``. ``documents`` may be changed or replaced at any time.

    Args:
        documents: The bodies, by path without a first slash.
        port: Where to listen; 0 takes a free port.
        prefix: A path before all paths, such as ``isu``.
        etag: Whether answers carry an ETag, and 304 is answered to it.
        last_modified: Whether answers carry Last-Modified, and 304 is answered to it.
        packs: Whether bodies are packed for clients that accept it.
        page_size: Events on a page of ``events/``.
    """

    def __init__(
        self,
        documents: Mapping[str, bytes] | None = None,
        *,
        port: int = 0,
        prefix: str = "",
        etag: bool = True,
        last_modified: bool = False,
        packs: bool = True,
        page_size: int = 20,
    ) -> None:
        self.documents: Mapping[str, bytes] = documents or {}
        self.requests: list[Request] = []
        self.etag, self.last_modified, self.packs = etag, last_modified, packs
        self.page_size = page_size
        self._prefix = f"/{prefix}/" if prefix else "/"
        self._port = port
        self._clients: set[asyncio.Task[None] | None] = set()
        self._troubles: list[Trouble] = []
        self._changed: dict[str, tuple[bytes, datetime]] = {}
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._stop = asyncio.Event()
        self._failure: OSError | None = None
        self._thread = threading.Thread(target=self._run, name="feed server", daemon=True)

    @property
    def url(self) -> str:
        """The base address to give to a client."""
        return f"http://127.0.0.1:{self._port}{self._prefix.rstrip('/')}"

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        if self._failure is not None:
            raise self._failure
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    async def __aenter__(self) -> Self:
        return self.__enter__()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await asyncio.to_thread(self.__exit__, kind, error, trace)

    def misbehave(
        self,
        fault: Fault,
        pattern: str = "*",
        *,
        times: int | None = None,
        status: int = 500,
        headers: Mapping[str, str] | None = None,
    ) -> Trouble:
        """Begin to misbehave, on top of what was asked for before.

        Args:
            fault: How.
            pattern: For which paths, as in a shell.
            times: For so many requests; None: until `behave`.
            status: For `Fault.STATUS`.
            headers: For `Fault.STATUS`, such as ``Retry-After``.
        """
        trouble = Trouble(fault, pattern, times, status, headers or {})
        self._troubles.append(trouble)
        return trouble

    def behave(self) -> None:
        """Misbehave no more."""
        self._troubles.clear()

    def paths(self) -> list[str]:
        """Return the paths that were asked for, in order."""
        return [request.path for request in self.requests]

    # --- the server --------------------------------------------------------------------------

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._ready.set()
            self._loop.close()

    async def _serve(self) -> None:
        try:
            server = await asyncio.start_server(self._client, "127.0.0.1", self._port)
        except OSError as error:
            self._failure = error
            return
        self._port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        # A connection that is being accepted becomes a client first: else its socket stays open.
        while asyncio.all_tasks() - self._clients - {asyncio.current_task()}:  # noqa: ASYNC110
            await asyncio.sleep(0)
        server.close()
        while clients := asyncio.all_tasks() & self._clients:
            for task in clients:
                task.cancel()
            await asyncio.sleep(0)

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._clients.add(asyncio.current_task())
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                while await self._exchange(reader, writer):
                    pass
        finally:
            writer.close()
            with suppress(ConnectionError, asyncio.CancelledError):
                await writer.wait_closed()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Take one request and answer it; False ends the connection."""
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, target, _ = lines[0].split(" ", 2)
        headers = {
            name.strip().lower(): value.strip()
            for name, _, value in (line.partition(":") for line in lines[1:] if line)
        }
        if not target.startswith(self._prefix):
            await self._send(writer, 404, {}, b'{"detail":"Not found."}')
            return True
        path = target.removeprefix(self._prefix)
        port = writer.get_extra_info("peername")[1]
        self.requests.append(Request(path, time.monotonic(), headers, port))
        trouble = self._trouble_for(path)
        if trouble is not None:
            return await self._misbehave(writer, path, trouble)
        if method != "GET":
            await self._send(writer, 405, {}, b"")
            return True
        await self._answer(writer, path, headers)
        return headers.get("connection", "").lower() != "close"

    def _trouble_for(self, path: str) -> Trouble | None:
        for trouble in self._troubles:
            if trouble.left != 0 and fnmatch.fnmatchcase(path, trouble.pattern):
                if trouble.left is not None:
                    trouble.left -= 1
                    if trouble.left == 0:
                        trouble.worn_out.set()
                return trouble
        return None

    async def _answer(
        self, writer: asyncio.StreamWriter, path: str, asked: Mapping[str, str]
    ) -> None:
        body = self._body(path)
        if body is None:
            bare, _, query = path.partition("?")
            if not bare.endswith("/") and self._body(f"{bare}/" + (query and f"?{query}")):
                location = f"{self._prefix}{bare}/" + (f"?{query}" if query else "")
                await self._send(writer, 301, {"Location": location}, b"")
            else:
                await self._send(writer, 404, {}, b'{"detail":"Not found."}')
            return
        headers = self._validators(path, body)
        unchanged = headers.get("ETag", "-") == asked.get("if-none-match") or (
            "if-none-match" not in asked
            and headers.get("Last-Modified", "-") == asked.get("if-modified-since")
        )
        if unchanged:
            await self._send(writer, 304, headers, b"")
            return
        headers["Content-Type"] = "application/json"
        if self.packs and "gzip" in asked.get("accept-encoding", ""):
            headers["Content-Encoding"] = "gzip"
            body = gzip.compress(body, 6, mtime=0)
        await self._send(writer, 200, headers, body)

    def _body(self, path: str) -> bytes | None:
        bare, _, query = path.partition("?")
        if bare != "events/":
            exact = self.documents.get(path) if query else None
            return self.documents.get(bare) if exact is None else exact
        wanted = parse_qs(query)
        season = wanted.get("season", [""])[0]
        body = self.documents.get(f"events/?season={season}")
        return None if body is None else self._page(body, int(wanted.get("page", ["1"])[0]), season)

    def _page(self, body: bytes, page: int, season: str) -> bytes | None:
        data = json.loads(body)
        rows = data["results"] if isinstance(data, dict) else data
        first = (page - 1) * self.page_size
        if first and first >= len(rows):
            return None

        def address(number: int) -> str | None:
            if not 0 < number <= -(-len(rows) // self.page_size):
                return None
            return f"{self.url}/events/?{urlencode({'page': number, 'season': season})}"

        return json.dumps(
            {
                "count": len(rows),
                "next": address(page + 1),
                "previous": address(page - 1),
                "results": rows[first : first + self.page_size],
            },
            ensure_ascii=False,
        ).encode()

    def _validators(self, path: str, body: bytes) -> dict[str, str]:
        headers: dict[str, str] = {}
        if self.etag:
            headers["ETag"] = f'"{hashlib.blake2b(body, digest_size=8).hexdigest()}"'
        if self.last_modified:
            known = self._changed.get(path)
            if known is None or known[0] != body:
                # Second changes within one second would otherwise carry the same date.
                now = datetime.now(UTC).replace(microsecond=0)
                later = now if known is None else max(now, known[1] + timedelta(seconds=1))
                known = self._changed[path] = (body, later)
            headers["Last-Modified"] = format_datetime(known[1], usegmt=True)
        return headers

    async def _send(
        self,
        writer: asyncio.StreamWriter,
        status: int,
        headers: Mapping[str, str],
        body: bytes,
        *,
        length: int | None = None,
    ) -> None:
        lines = [
            f"HTTP/1.1 {status} As told",
            f"Date: {format_datetime(datetime.now(UTC), usegmt=True)}",
            *(f"{name}: {value}" for name, value in headers.items()),
        ]
        if status != 304:
            lines.append(f"Content-Length: {len(body) if length is None else length}")
        writer.write("\r\n".join([*lines, "", ""]).encode("latin-1") + body)
        await writer.drain()

    async def _misbehave(self, writer: asyncio.StreamWriter, path: str, trouble: Trouble) -> bool:
        body = self._body(path) or b"[]"
        as_json = {"Content-Type": "application/json"}
        match trouble.fault:
            case Fault.STATUS:
                await self._send(writer, trouble.status, trouble.headers, b"")
                return True
            case Fault.WEB_PAGE:
                await self._send(writer, 200, {"Content-Type": "text/html"}, WEB_PAGE)
                return True
            case Fault.OTHER_SHAPE:
                shape: object = {"detail": 5} if body.lstrip()[:1] == b"[" else [1, None, "x"]
                await self._send(writer, 200, as_json, json.dumps(shape).encode())
                return True
            case Fault.EMPTY:
                await self._send(writer, 200, as_json, b"")
                return True
            case Fault.GARBAGE:
                await self._send(writer, 200, as_json, bytes(range(128, 256)) * 8)
                return True
            case Fault.BAD_GZIP:
                await self._send(writer, 200, {"Content-Encoding": "gzip"}, b"not packed at all")
                return True
            case Fault.OTHER_HOST:
                location = f"http://elsewhere.example/{path}"
                await self._send(writer, 302, {"Location": location}, b"")
                return True
            case Fault.CIRCLES:
                await self._send(writer, 302, {"Location": f"{self._prefix}{path}"}, b"")
                return True
            case Fault.HALF:
                await self._send(writer, 200, as_json, body[: len(body) // 2], length=len(body))
            case Fault.HUGE:
                await self._send(writer, 200, as_json, b" " * 9_000_000, length=9_000_000)
            case Fault.HANG:
                await asyncio.sleep(3600)
            case Fault.TRICKLE:
                await self._send(writer, 200, as_json, b"", length=len(body) + 3600)
                while True:
                    writer.write(b" ")
                    await writer.drain()
                    await asyncio.sleep(0.02)
            case Fault.RESET:
                # With no time to linger, closing sends a reset instead of an end.
                linger = struct.pack("ii", 1, 0)
                writer.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_LINGER, linger)
                writer.transport.abort()
        return False


# --- a meet to watch --------------------------------------------------------------------------


class Play:
    """Lets the races of an invented meet be skated as time goes by.

    Args:
        speed: Seconds at the rink for a second here.
        seed: The same seed plays the same meet.
    """

    def __init__(self, *, speed: float = 1.0, seed: int = 1) -> None:
        self._begun = time.monotonic()
        self._opened = datetime.now(UTC)
        self.speed = speed
        self.meet = WireMeet(self.now, seed=seed)
        self._random = Random(seed)
        self._scripts: dict[int, list[Step]] = {}

    def now(self) -> datetime:
        """Return the time at the rink: it began with ours and goes at the play's speed."""
        passed = (time.monotonic() - self._begun) * self.speed
        return self._opened + timedelta(seconds=passed)

    def advance(self) -> None:
        """Let everything happen that is due by now: starts, passages, ends, official results."""
        now = self.now()
        for number, race in self.meet.races.items():
            if race.official:
                continue
            if number not in self._scripts:
                if now >= race.begin:
                    self._scripts[number] = self.meet.skate(number)
                    self.meet.start(number)
                continue
            script = self._scripts[number]
            passed_ms = (now - race.begin) / timedelta(milliseconds=1)
            while script and script[0].after_ms <= passed_ms:
                self._take(number, script.pop(0))
            if race.live and not script:
                self.meet.stop(number)
            elif not script and now - (race.updated or now) > timedelta(minutes=3):
                self.meet.make_official(number)

    def _take(self, number: int, step: Step) -> None:
        row = self.meet.races[number].rows[step.row]
        if not row.valid:
            return
        luck = self._random.random()
        if luck < 0.004:
            self.meet.dnf(number, step.row)
            return
        self.meet.follow(number, step)
        if step.mark == self.meet.races[number].laps - 1:
            if luck > 0.97:
                self.meet.disqualify(number, step.row)
            elif luck > 0.9:
                self.meet.correct(number, step.row, step.time_ms - 7)


def programme(play: Play, *, two_live: bool, later_today: bool, over: bool) -> None:
    """Fill the play's meet with a day of races, around the present."""
    meet, now = play.meet, play.now()
    begin = now + timedelta(seconds=20)
    if later_today:
        begin = now + timedelta(hours=2, minutes=10)
    elif over:
        begin = now - timedelta(hours=4)
    meet.add_race(begin=begin - timedelta(hours=1), metres=500, division="B", starters=12)
    meet.add_race(begin=begin, metres=500, ordinal=1, starters=12)
    second = begin if two_live else begin + timedelta(minutes=15)
    meet.add_race(begin=second, gender="M", metres=1000, starters=12)
    long = begin + timedelta(minutes=35)
    meet.add_race(begin=long, metres=3000, division="B", starters=12, together=4)
    meet.add_race(begin=begin + timedelta(minutes=55), gender="M", kind="TP", starters=6)
    meet.add_race(begin=begin + timedelta(hours=1, minutes=20), kind="MS", starters=20)
    meet.add_race(begin=begin + timedelta(days=1), metres=1500, published=False)
    held = list(meet.races) if over else [] if later_today else [1]
    for number in held:
        race = meet.races[number]
        if not race.published:
            continue
        end = race.begin + timedelta(minutes=12)
        meet.clock = lambda end=end: min(end, now)  # type: ignore[misc]
        begin = race.begin
        meet.hold(number)
        race.begin = begin
        meet.make_official(number)
    meet.clock = play.now


_TELL_S: Final = 60.0
"""How often the number of requests is told."""


def main() -> None:
    """Play a meet until interrupted."""
    parser = argparse.ArgumentParser(description="Plays an invented meet as the feed would.")
    parser.add_argument("--port", type=int, default=8700)
    parser.add_argument("--play", action="store_true", help="let the races be skated")
    parser.add_argument("--speed", type=float, default=1.0, help="seconds there a second here")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--two-live", action="store_true", help="two races at the same time")
    parser.add_argument("--later-today", action="store_true", help="the first race in two hours")
    parser.add_argument("--over", action="store_true", help="all races of the day held")
    parser.add_argument("--faults", action="store_true", help="misbehave from time to time")
    words = parser.parse_args()
    play = Play(speed=words.speed, seed=words.seed)
    programme(play, two_live=words.two_live, later_today=words.later_today, over=words.over)
    random = Random(words.seed)
    with FeedServer(play.meet.documents(), port=words.port) as server:
        play.meet.base = server.url
        server.documents = play.meet.documents()
        host = urlsplit(server.url).netloc
        print(f"http://{host}  event {play.meet.event_id}", flush=True)
        told = time.monotonic()
        with suppress(KeyboardInterrupt):
            while True:
                time.sleep(0.5)
                if time.monotonic() - told >= _TELL_S:
                    told += _TELL_S
                    recent = [each for each in server.requests if each.at >= told - _TELL_S]
                    results = sum(each.path.endswith("/results/") for each in recent)
                    print(f"{len(recent)} requests a minute, {results} for results", flush=True)
                if words.play:
                    play.advance()
                    server.documents = play.meet.documents()
                if words.faults and random.random() < 0.02:
                    fault = random.choice(list(Fault))
                    times = random.randrange(1, 6)
                    print(f"{fault.value} for {times} requests", flush=True)
                    server.misbehave(fault, times=times, status=random.choice((404, 500, 503)))


if __name__ == "__main__":
    main()
