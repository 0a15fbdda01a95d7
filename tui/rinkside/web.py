"""The dashboard in a browser: ``rinkside web``, by textual-serve (the extra ``[web]``).

Every page that is opened runs a program of its own on this computer. So it is served to this
computer alone, unless ``--host`` says otherwise, and to no page of another site; and the page
asks nobody else for anything.
"""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web
from textual_serve.app_service import AppService
from textual_serve.server import Server

from rinkside.library import Refusal

_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})

_POLICY: Final = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self' {socket}"
)
"""What the page may load: textual-serve's own would ask another host for a font."""

_END_S: Final = 2.0
"""How long open pages may take to end."""

_MOST_CELLS: Final = 1_000
"""In each direction, whatever a page says of itself."""

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class CannotServe(Refusal):
    """The port or address can't be used."""

    exit_code = 2


def passed_on(argv: Sequence[str]) -> list[str]:
    """Return the words of a page's program: those of ``web`` without what is the server's own.

    Args:
        argv: The words after the program's name, which have been understood.
    """
    own = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    own.add_argument("--host")
    own.add_argument("--port")
    _, words = own.parse_known_args(argv)
    valued = ("--api", "--data-dir")
    at = next(
        index
        for index, word in enumerate(words)
        if word == "web" and (index == 0 or words[index - 1] not in valued)
    )
    return [*words[:at], *words[at + 1 :]]


def serve(words: Sequence[str], host: str, port: int, tell: Callable[[str], None]) -> None:
    """Serve the dashboard until interrupted.

    Args:
        words: The words of each page's program.
        host: The address to listen at.
        port: The port.
        tell: Is given a sentence once pages can be opened.

    Raises:
        CannotServe: If nobody can listen there.
    """
    command = shlex.join([sys.executable, "-m", "rinkside", *words])
    server = _Rink(command, host, port)
    name = f"[{host}]" if ":" in host else host

    def begun(_: object = None) -> None:
        tell(f"http://{name}:{port}/ shows it in a browser; Ctrl-C ends it")

    try:
        web.run_app(
            server.application(),
            host=host,
            port=port,
            print=begun,
            access_log=None,
            shutdown_timeout=_END_S,
        )
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CannotServe(
            f"nothing can be served at {name}:{port} ({reason}); name another --port or --host"
        ) from None


class _Rink(Server):
    """textual-serve's server, but for whom it answers."""

    async def application(self) -> web.Application:
        """Return what answers requests."""
        app = await self._make_app()
        app.middlewares.append(self._guarded)
        return app

    def __init__(self, command: str, host: str, port: int) -> None:
        super().__init__(command, host=host, port=port, title="rinkside")
        self._pages: set[web.WebSocketResponse] = set()

    async def on_startup(self, app: web.Application) -> None:
        """Say nothing yet: nobody listens so far."""

    @web.middleware
    async def _guarded(self, request: web.Request, handler: _Handler) -> web.StreamResponse:
        """Answer only those the pages are for."""
        asked = urlsplit(f"//{request.host}")
        if self.host in _LOOPBACK and asked.hostname not in _LOOPBACK:
            # A name of some other site that leads to this computer.
            raise web.HTTPForbidden(text="This page is for this computer alone.")
        origin = request.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc != request.host:
            raise web.HTTPForbidden(text="This page is not for other sites.")
        # The page names its addresses in full: by the name it was asked for by.
        self.public_url = f"{request.scheme}://{request.host}"
        answer = await handler(request)
        if not answer.prepared:
            socket = f"{'wss' if request.secure else 'ws'}://{request.host}"
            answer.headers["Content-Security-Policy"] = _POLICY.format(socket=socket)
        return answer

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """Run a program for a page, for as long as the page is open."""
        page = web.WebSocketResponse(heartbeat=15)
        await page.prepare(request)

        async def close() -> None:
            await page.close()

        program = AppService(
            self.command,
            write_bytes=page.send_bytes,
            write_str=page.send_str,
            close=close,
            download_manager=self.download_manager,
        )
        self._pages.add(page)
        try:
            await program.start(_cells(request, "width", 80), _cells(request, "height", 24))
            await self._process_messages(page, program)
        finally:
            self._pages.discard(page)
            await program.stop()
            # Else it might still be ending when the event loop is gone.
            if program._process is not None:
                await program._process.wait()
        return page

    async def on_shutdown(self, _app: web.Application) -> None:
        """End the programs of the pages that are open."""
        for page in [*self._pages]:
            await page.close()


def _cells(request: web.Request, name: str, usual: int) -> int:
    """Return how many cells wide or high a page says it is, as far as that can be."""
    said = request.query.get(name, "")
    return min(int(said), _MOST_CELLS) if said.isascii() and said.isdigit() else usual
