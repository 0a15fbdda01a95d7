"""The door to a feed: GET one document, or say in words why it could not be had.

The only module that knows httpx. Importing httpx and building its TLS context cost 65 ms, so
both wait for the first request and then happen beside the event loop, not in it.

    FeedError             no answer that can be used
    ├── Unreachable       nobody answered: no network, refused, timed out, broken off
    └── Answered          an HTTP status other than 200; carries it, and how long to keep away
        └── NotFound      404
"""

from __future__ import annotations

import asyncio
import errno
import logging
import math
import os
import re
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, Self
from urllib.parse import urlsplit

import msgspec

from longtrack import isu

if TYPE_CHECKING:
    import ssl
    from types import TracebackType

    import httpx

_log = logging.getLogger(__name__)

MAX_PAGES: Final = 50
"""Pages of a list that are asked for at most; a season has two or three."""

MAX_RETRY_AFTER_S: Final = 3600
"""A server that asks to be left alone for longer is asked again after an hour."""

_MAX_REDIRECTS: Final = 5
_TOO_LARGE: Final = "the feed's answer is too large"
_PATH: Final = re.compile(r"[\w./-]*(\?[\w=&%.+-]*)?", re.ASCII)
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


class FeedError(Exception):
    """A document that could not be had; the message is for a person."""


class Unreachable(FeedError):
    """Nobody answered, or not to the end: no network, refused, timed out, broken off."""


class Answered(FeedError):
    """The feed answered with a status other than 200.

    Attributes:
        status: The HTTP status.
        retry_after: Seconds for which the feed asked to be left alone, an hour at most; None
            where it did not.
    """

    def __init__(self, status: int, retry_after: int | None = None) -> None:
        super().__init__(f"the feed answered {status}")
        self.status = status
        self.retry_after = retry_after


class NotFound(Answered):
    """The feed has no such document, or not yet."""


class Answer(NamedTuple):
    """A document as the feed gave it."""

    body: bytes | None
    """What was sent, unpacked; None when it is the same as the answer before (304)."""
    server_date: datetime | None
    """The server's clock when it answered, in UTC, to the second."""


class Limits(msgspec.Struct, frozen=True):
    """How long to wait for a feed, in milliseconds, and how much to take from it."""

    connect_ms: int = 5_000
    read_ms: int = 10_000
    """Longest silence in the middle of an answer."""
    total_ms: int = 15_000
    """For a whole request, so that an answer which only trickles ends too."""
    body_bytes: int = 8 * 1024 * 1024


class _Validators(NamedTuple):
    etag: str | None
    last_modified: str | None


class Feed:
    """One feed, by its base address.

    Args:
        base_url: Where the feed's paths begin, with or without a path of its own:
            ``https://api.isuresults.eu``, ``http://127.0.0.1:8700/isu``.
        version: The program's version, for the User-Agent.
        limits: How long and how much.
        transport: What carries the requests instead of the network, for tests.

    Raises:
        ValueError: If the address is none of a web server; the message is for a person.
    """

    def __init__(
        self,
        base_url: str = isu.DEFAULT_API,
        *,
        version: str,
        limits: Limits | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.base_url = base_url
        try:
            parts = urlsplit(base_url)
            _ = parts.port
        except ValueError:
            parts = urlsplit("")
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query:
            raise ValueError(f"{base_url!r} is not the address of a feed")
        self.host = parts.hostname
        """The host's name: tapes and libraries are kept by it."""
        self.on_left_alone: list[Callable[[int], None]] = []
        """Told for how many seconds the feed asked to be left alone, whoever had asked it."""
        self._limits = limits or Limits()
        self._agent = f"rinkside/{version} (+terminal dashboard)"
        self._transport = transport
        self._client: httpx.AsyncClient | None = None
        self._opening = asyncio.Lock()
        self._validators: dict[str, _Validators] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections; requests under way fail."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    def forget(self, path: str) -> None:
        """Ask for this document in full the next time.

        To be called when an answer could not be read or kept: else the feed would say from then
        on that nothing has changed, of a body nobody has.
        """
        self._validators.pop(path, None)

    async def get(self, path: str) -> Answer:
        """Ask for one document, in full or, if it was had before, only if it has changed.

        Args:
            path: One made by the path functions of `longtrack.isu`, relative to the base.

        Raises:
            NotFound: If the feed has no such document.
            Answered: If it answers with any other status but 200 (and 304).
            Unreachable: If it does not answer, or not to the end.
            FeedError: If the answer is too large, garbled, or an order to go to another host.
        """
        if "//" in path or path.startswith("/") or not _PATH.fullmatch(path):
            raise ValueError(f"{path!r} is not a path of the feed")
        try:
            async with asyncio.timeout(self._limits.total_ms / 1000):
                return await self._get(path)
        except FeedError:
            raise
        except TimeoutError:
            raise Unreachable("the feed timed out") from None
        except Exception as error:
            raise _in_words(error) from None

    async def events(self, season: int) -> list[tuple[str, bytes]]:
        """Ask for a season's list of events, all pages of it.

        Of what a page says of the next one only the query is used, never the address. A list
        that goes round in circles or does not end is taken as far as it was read.

        Args:
            season: The year the season ends in.

        Returns:
            The path and the body of each page, in order.

        Raises:
            FeedError: As for `get`.
            longtrack.isu.Unreadable: If a page is not a list of events.
        """
        path = isu.events_path(season)
        pages: dict[str, bytes] = {}
        while path not in pages and len(pages) < MAX_PAGES:
            self.forget(path)
            body = (await self.get(path)).body
            pages[path] = b"" if body is None else body
            query = isu.read_events(pages[path]).next_query
            if query is None:
                break
            path = f"events/?{query}"
        else:
            _log.warning("the list of events of %s goes round, or does not end", season)
        return list(pages.items())

    async def _get(self, path: str) -> Answer:
        client = await self._opened()
        request = client.build_request("GET", path, headers=self._conditions(path))
        for _ in range(_MAX_REDIRECTS):
            response = await client.send(request, stream=True)
            try:
                if response.next_request is None:
                    return await self._read(path, response)
                await self._body(response)
                request = self._followed(response.next_request)
            finally:
                await response.aclose()
        raise FeedError("the feed sends us round in circles")

    def _followed(self, request: httpx.Request) -> httpx.Request:
        base, url = urlsplit(self.base_url), request.url
        same = url.scheme == base.scheme and url.port == base.port
        upgraded = base.scheme == "http" and url.scheme == "https"
        if url.host != self.host or not (same or upgraded):
            raise FeedError("the feed sent us to another host, which is not asked")
        return request

    def _conditions(self, path: str) -> dict[str, str]:
        known = self._validators.get(path)
        if known is None:
            return {}
        headers = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
        return {name: value for name, value in headers.items() if value}

    async def _read(self, path: str, response: httpx.Response) -> Answer:
        headers = response.headers
        date = _http_date(headers.get("Date", ""))
        if response.status_code not in (200, 304, 404):
            wait = _retry_after(headers.get("Retry-After", ""), date or datetime.now(UTC))
            for tell in self.on_left_alone if wait else ():
                tell(wait or 0)
            raise Answered(response.status_code, wait)
        body = await self._body(response)
        if response.status_code == 404:
            raise NotFound(404)
        if response.status_code == 304:
            if path not in self._validators:
                raise Answered(304)
            return Answer(None, date)
        validators = _Validators(headers.get("ETag"), headers.get("Last-Modified"))
        if any(validators):
            self._validators[path] = validators
        else:
            self.forget(path)
        return Answer(body, date)

    async def _body(self, response: httpx.Response) -> bytes:
        announced = response.headers.get("Content-Length", "")
        if announced.isdecimal() and int(announced[:20]) > self._limits.body_bytes:
            raise FeedError(_TOO_LARGE)
        # A body is read even where it is not wanted: else its connection could not be used again.
        body = bytearray()
        async for chunk in response.aiter_bytes():
            body += chunk
            if len(body) > self._limits.body_bytes:
                raise FeedError(_TOO_LARGE)
        return bytes(body)

    async def _opened(self) -> httpx.AsyncClient:
        async with self._opening:
            if self._client is None:
                if self._transport is None:
                    self._client = await asyncio.to_thread(self._client_of_its_own)
                else:
                    self._client = self._client_of_its_own()
            return self._client

    def _client_of_its_own(self) -> httpx.AsyncClient:
        # httpcore looks for this optional package four times a request; a module that is not
        # there is looked for in every directory each time, unless it is known to be missing.
        sys.modules.setdefault("sniffio", None)  # type: ignore[arg-type]
        import httpx

        limits = self._limits
        return httpx.AsyncClient(
            base_url=self.base_url,
            headers={
                "User-Agent": self._agent,
                "Accept": "application/json",
                "Accept-Encoding": "gzip",
            },
            timeout=httpx.Timeout(limits.read_ms / 1000, connect=limits.connect_ms / 1000),
            # Four are the poller's: what is fetched beside a live race keeps none of it waiting.
            limits=httpx.Limits(max_connections=5, keepalive_expiry=30),
            # Redirects are followed here, one by one, so that none leads to another host.
            follow_redirects=False,
            # A feed on this machine is never behind a proxy.
            trust_env=self.host not in _LOOPBACK,
            transport=self._transport,
            verify=_trusted(),
        )


def _trusted() -> ssl.SSLContext:
    """Return whom to trust: whoever the system does, where it keeps its certificates one by one.

    Those are looked up when they are needed; httpx would load all of certifi's at once, 1.4 MB,
    and know nothing of the certificates a company's proxy needs. Elsewhere certifi's are taken.
    """
    import ssl

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    paths = ssl.get_default_verify_paths()
    named = os.environ.get(paths.openssl_cafile_env)
    if named or not (paths.capath and any(Path(paths.capath).glob("????????.0"))):
        import certifi

        context.load_verify_locations(named or certifi.where())
    else:
        context.load_verify_locations(capath=paths.capath)
    return context


def _in_words(error: Exception) -> FeedError:
    import httpx

    match error:
        case httpx.TimeoutException():
            return Unreachable("the feed timed out")
        case httpx.ConnectError():
            causes = _causes(error)
            if any(getattr(cause, "errno", None) == errno.ECONNREFUSED for cause in causes):
                return Unreachable("the feed refused the connection")
            if "CERTIFICATE" in str(error):
                return Unreachable("the feed's certificate can't be trusted")
            return Unreachable("the feed can't be reached")
        case httpx.ProxyError():
            return Unreachable("the proxy refused the connection")
        case httpx.RemoteProtocolError() | httpx.NetworkError():
            return Unreachable("the feed broke off in the middle")
        case httpx.DecodingError():
            return FeedError("the feed's answer is garbled")
        case OSError():
            return Unreachable("the feed can't be reached")
    _log.warning("an answer that could not be taken", exc_info=error)
    return FeedError("the feed's answer can't be understood")


def _causes(error: BaseException) -> list[BaseException]:
    """Return an error with all it came from; a connection tried two ways fails as a group."""
    found: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting:
        current = waiting.pop()
        if current is None or current in found:
            continue
        found.append(current)
        waiting += [current.__cause__, current.__context__]
        if isinstance(current, BaseExceptionGroup):
            waiting += current.exceptions
    return found


def _http_date(value: str) -> datetime | None:
    from email.utils import parsedate_to_datetime

    try:
        moment = parsedate_to_datetime(value)
        aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
        return aware.astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None


def _retry_after(value: str, now: datetime) -> int | None:
    if re.fullmatch(r"\s*[0-9]{1,9}\s*", value):
        seconds = int(value)
    else:
        moment = _http_date(value)
        if moment is None:
            return None
        seconds = math.ceil((moment - now).total_seconds())
    return min(max(seconds, 0), MAX_RETRY_AFTER_S)
