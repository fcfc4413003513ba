"""A headless browser that tests drive over a pipe: real pointer, real keys, every request seen."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import subprocess
import time
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from pathlib import Path

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--window-size=1400,900",
    "--remote-debugging-pipe",
)
PATIENCE_S = 60


class Chrome:
    """One page in a browser of its own; use it in a ``with`` block."""

    def __init__(self, browser: str, profile: Path) -> None:
        theirs_in, self._out = os.pipe()
        self._in, theirs_out = os.pipe()

        def hand_over() -> None:  # the browser reads from 3 and writes to 4
            held = [fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in (theirs_in, theirs_out)]
            for end, number in zip(held, (3, 4), strict=True):
                os.dup2(end, number)

        self._process = subprocess.Popen(
            [browser, *FLAGS, f"--user-data-dir={profile}", "about:blank"],
            preexec_fn=hand_over,  # noqa: PLW1509  - no threads here
            close_fds=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(theirs_in)
        os.close(theirs_out)
        self._left = b""
        self._count = 0
        self.events: list[dict[str, Any]] = []
        self._session = ""
        found = self.send("Target.getTargets")["targetInfos"]
        target = next(item["targetId"] for item in found if item["type"] == "page")
        asked = {"targetId": target, "flatten": True}
        self._session = self.send("Target.attachToTarget", **asked)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.send(f"{domain}.enable")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(timeout=PATIENCE_S)
        os.close(self._in)
        os.close(self._out)

    def send(self, method: str, **params: Any) -> dict[str, Any]:
        """Ask the browser for something and return its answer."""
        self._count += 1
        message: dict[str, Any] = {"id": self._count, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while (answer := self._next()).get("id") != self._count:
            self.events.append(answer)
        assert "error" not in answer, answer
        result: dict[str, Any] = answer["result"]
        return result

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._left:
            part = os.read(self._in, 1 << 20)
            assert part, "the browser is gone"
            self._left += part
        whole, _, self._left = self._left.partition(b"\0")
        found: dict[str, Any] = json.loads(whole)
        return found

    def run(self, script: str) -> Any:
        """Return the value of an expression in the page."""
        asked = {"expression": script, "returnByValue": True, "awaitPromise": True}
        answer = self.send("Runtime.evaluate", **asked)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def wait(self, condition: str) -> None:
        """Wait until an expression holds in the page."""
        end = time.monotonic() + PATIENCE_S
        while not self._holds(condition):
            assert time.monotonic() < end, f"never came true: {condition}"
            time.sleep(0.05)

    def _holds(self, condition: str) -> bool:
        try:
            return bool(self.run(f"Boolean({condition})"))
        except AssertionError:  # between two pages there is none to ask
            return False

    def open(self, address: str) -> None:
        """Open a page and wait until it says that it is ready."""
        self.send("Page.navigate", url=address)
        self.wait("document.documentElement?.dataset.ready")

    def move(self, x: float, y: float) -> None:
        """Move the pointer, and let the page draw."""
        for step in (2, 0):
            self.send("Input.dispatchMouseEvent", type="mouseMoved", x=x + step, y=y)
            self.settle()

    def click(self, x: float, y: float) -> None:
        """Click where the page is at x, y."""
        for kind in ("mousePressed", "mouseReleased"):
            asked = {"type": kind, "x": x, "y": y, "button": "left", "clickCount": 1}
            self.send("Input.dispatchMouseEvent", **asked)
        self.settle()

    def settle(self) -> None:
        """Let two frames pass."""
        self.run("new Promise(r => requestAnimationFrame(() => requestAnimationFrame(() => r(1))))")

    def picture(self, path: Path) -> Path:
        """Save what the page looks like."""
        shot = self.send("Page.captureScreenshot", format="png")
        path.write_bytes(base64.b64decode(shot["data"]))
        return path

    def of(self, method: str) -> list[dict[str, Any]]:
        """Return what the browser has told of one kind."""
        return [event["params"] for event in self.events if event.get("method") == method]
