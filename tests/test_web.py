"""The dashboard in a browser: the real server, spoken to as its page does."""

from __future__ import annotations

import asyncio
import base64
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pyte
import pytest

from longtrack.bundled import DEMO_ID
from printed import Run, runner
from rinkside.web import passed_on

PATIENCE_S = 60.0


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def served(data: Path, *words: str) -> Iterator[str]:
    """Serve the dashboard, and return the address that the program says."""
    port = free_port()
    command = [sys.executable, "-m", "rinkside", *words, "--port", str(port)]
    environ = {**os.environ, "RINKSIDE_DATA_DIR": str(data / "data"), "HOME": str(data)}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environ) as program:
        assert program.stderr is not None
        try:
            said = program.stderr.readline()
            address = re.search(r"http://\S+/", said)
            assert address is not None, said
            assert address[0] == f"http://127.0.0.1:{port}/"
            yield address[0]
        finally:
            program.send_signal(signal.SIGINT)
            assert program.wait(PATIENCE_S) == 0
            assert "Traceback" not in program.stderr.read()


async def first_screen(address: str, wanted: str, *, columns: int = 120, rows: int = 36) -> str:
    """Open the page's websocket and return the screen once some words are on it."""
    screen = pyte.Screen(columns, rows)
    stream = pyte.ByteStream(screen)
    url = f"{address.replace('http', 'ws')}ws?width={columns}&height={rows}"
    async with (
        aiohttp.ClientSession() as browser,
        asyncio.timeout(PATIENCE_S),
        browser.ws_connect(url, origin=address.rstrip("/")) as channel,
    ):
        async for message in channel:
            if message.type is aiohttp.WSMsgType.BINARY:
                stream.feed(message.data)
                shown = "\n".join(screen.display)
                if wanted in shown:
                    return shown
    raise AssertionError("\n".join(screen.display))


async def test_a_page_shows_the_meet(data: Path) -> None:
    words = ("--offline", "web", "hamar", "--race", "W500", "--from", "19:41:30")
    with served(data, *words) as address:
        async with aiohttp.ClientSession() as browser:
            async with browser.get(address) as page:
                text = await page.text()
                policy = page.headers["Content-Security-Policy"]
            async with browser.get(f"{address}static/js/textual.js") as script:
                assert script.status == 200
        assert f"ws://{address.removeprefix('http://')}ws" in text
        assert "connect-src 'self' ws://127.0.0.1:" in policy
        assert "rinkside" in text
        shown = await first_screen(address, "KOK Femke")
        assert "JACKSON Erin" in shown
        assert "Hamar" in shown
        # Another page is another program; and it may be of another size.
        assert "ZIOMEK-NOGAL" in await first_screen(address, "ZIOMEK", columns=80, rows=24)


async def test_other_sites_are_refused(data: Path) -> None:
    with served(data, "web", "--offline") as address:
        async with aiohttp.ClientSession() as browser:
            elsewhere = {"Host": "rebound.example"}
            async with browser.get(address, headers=elsewhere) as page:
                assert page.status == 403
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await browser.ws_connect(f"{address}ws", origin="http://elsewhere.example")


CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)


class Browser:
    """A headless Chromium with one page, told what to do by its protocol."""

    def __init__(self, channel: aiohttp.ClientWebSocketResponse) -> None:
        self._channel = channel
        self._session: str | None = None
        self._number = 0

    async def ask(self, method: str, **params: Any) -> dict[str, Any]:
        self._number += 1
        message = {"id": self._number, "method": method, "params": params}
        await self._channel.send_json(message | ({"sessionId": s} if (s := self._session) else {}))
        while True:
            answer = await self._channel.receive_json()
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                return dict(answer["result"])

    async def open(self, address: str) -> None:
        target = await self.ask("Target.createTarget", url="about:blank")
        attached = await self.ask(
            "Target.attachToTarget", targetId=target["targetId"], flatten=True
        )
        self._session = attached["sessionId"]
        await self.ask("Page.navigate", url=address)

    async def value(self, expression: str) -> Any:
        answer = await self.ask(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        return answer["result"].get("value")

    async def picture(self) -> bytes:
        return base64.b64decode((await self.ask("Page.captureScreenshot"))["data"])


async def looked_at(door: str, address: str) -> bytes:
    """Return a picture of a page once it shows a screen."""
    async with (
        aiohttp.ClientSession() as session,
        asyncio.timeout(PATIENCE_S),
        session.ws_connect(door, max_msg_size=0) as channel,
    ):
        browser = Browser(channel)
        await browser.open(address)
        # The page is faded in; a screen full of times is no small picture.
        picture = b""
        while len(picture) < 40_000:
            await browser.value("new Promise(done => setTimeout(done, 100))")
            picture = await browser.picture()
        assert await browser.value("document.body.classList.contains('-first-byte')")
        # What the policy keeps back, the font of another host, is no trouble to the page.
        assert await browser.value("document.fonts.status") == "loaded"
        return picture


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")
def test_chromium_shows_the_meet(data: Path, tmp_path: Path) -> None:
    assert CHROMIUM is not None
    words = ("--offline", "web", "hamar", "--race", "W500", "--from", "19:41:30")
    command = [
        *(CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--window-size=1200,720"),
        *("--remote-debugging-port=0", f"--user-data-dir={tmp_path / 'chromium'}", "about:blank"),
    ]
    with (
        served(data, *words) as address,
        subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as chromium,
    ):
        try:
            assert chromium.stderr is not None
            door = next(filter(None, (re.search(r"ws://\S+", line) for line in chromium.stderr)))[0]
            picture = asyncio.run(looked_at(door, address))
        finally:
            chromium.terminate()
    (tmp_path / "page.png").write_bytes(picture)


# --- words ---------------------------------------------------------------------------------------


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    return runner(capsys)


@pytest.mark.parametrize(
    ("words", "on"),
    [
        (["web"], []),
        (["web", "--port", "8001", "--host=0.0.0.0"], []),
        (["--offline", "web", "hamar", "--race", "W500"], ["--offline", "hamar", "--race", "W500"]),
        (["--data-dir", "web", "web", "web"], ["--data-dir", "web", "web"]),
        (["web", "x.tape", "--speed", "4", "--port=9"], ["x.tape", "--speed", "4"]),
    ],
)
def test_what_a_pages_program_is_told(words: list[str], on: list[str]) -> None:
    assert passed_on(words) == on


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["web", "--port", "0"], 2, "'0' is not a port; write a number such as 8000"),
        (["web", "--port", "web"], 2, "'web' is not a port"),
        (["web", "--json"], 2, "a browser shows the dashboard"),
        (["web", "--plain"], 2, "a browser shows the dashboard"),
        (["web", "--race", "W500"], 2, "say which meet"),
        (["--offline", "web", "nowhere"], 3, "no event is known by 'nowhere'"),
        (["--offline", "web", DEMO_ID, "--race", "W12"], 3, "Hamar has no race W12"),
    ],
)
def test_what_is_wrong_is_told_before_anything_is_served(
    run: Run, data: Path, words: list[str], code: int, said: str
) -> None:
    printed = run("--data-dir", str(data / "data"), *words)
    assert printed.code == code
    if "--json" not in words:
        assert said in printed.err


def test_a_port_that_is_taken(run: Run, data: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        printed = run("web", "--port", str(port), "--data-dir", str(data / "data"))
    assert printed.code == 2
    assert f"nothing can be served at 127.0.0.1:{port}" in printed.err
    assert "--port" in printed.err


@pytest.mark.parametrize("missing", ["textual_serve", "aiohttp"])
def test_without_the_extra_there_is_a_sentence(missing: str) -> None:
    script = (
        f"import sys; sys.modules[{missing!r}] = None\n"
        "from rinkside.__main__ import main\n"
        "sys.exit(main(['web']))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr == (
        "rinkside: a browser needs the extra part [web]: pip install 'rinkside[web]'\n"
    )


@pytest.mark.parametrize("words", [["--help"], ["--offline", "programme", DEMO_ID]])
def test_nothing_else_loads_it(words: list[str], data: Path) -> None:
    script = (
        "import sys\n"
        "from rinkside.__main__ import main\n"
        f"main({['--data-dir', str(data / 'data'), *words]!r})\n"
        "print([n for n in ('textual_serve', 'aiohttp') if n in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stderr.splitlines()[-1] == "[]"
