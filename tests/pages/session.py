"""A page run from top to bottom in a folder of its own, as its reader would."""

from __future__ import annotations

import doctest
import os
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.pages import setups
from tests.pages.page import Block, blocks_of
from tests.pages.shell import run_line, typed_in
from tests.pages.tables import named_in, put_into, read_piece, read_whole

EXECUTED = {"console", "bash", "python", "pycon", "toml"}
ONLY_READ = {  # and why they are not executed
    "text": "is no program",
    "powershell": "runs on Windows alone",
    "sql": "is for a server",
    "r": "needs R",
    "json": "is what a program writes",
}
FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


@dataclass
class Session:
    """What a page has so far: its folder (we are in it), its names, what was run."""

    page: Path
    cities: setups.Cities
    names: dict[str, Any] = field(default_factory=dict)
    run: int = 0

    def play(self) -> None:
        """Run every block; a failure says where it stands."""
        before = dict(os.environ)
        try:
            for block in blocks_of(self.page):
                self._try(block)
        finally:
            os.environ.clear()
            os.environ.update(before)

    def _try(self, block: Block) -> None:
        try:
            self._do(block)
        except Exception as error:
            where = f"{self.page.name}:{block.line} ({block.language})"
            raise AssertionError(f"{where}: {type(error).__name__}: {error}") from error

    def _do(self, block: Block) -> None:
        if block.language == "run":
            setups.make(block.body, self.cities, self.names)
        elif block.language in ONLY_READ or block.not_run:
            return
        elif block.language not in EXECUTED:
            raise AssertionError("a block needs a language that is known")
        else:
            getattr(self, f"_{block.language}")(block)
            self.run += 1

    def _console(self, block: Block) -> None:
        for typed in typed_in(block.body, prompt=True):
            run_line(typed, self.cities.asked, block.exits)

    def _bash(self, block: Block) -> None:
        for typed in typed_in(block.body, prompt=False):
            run_line(typed, self.cities.asked, block.exits)

    def _python(self, block: Block) -> None:
        above = "\n" * (block.line - 1)
        exec(compile(above + block.body, self.page.name, "exec"), self.names)  # noqa: S102  - our own page

    def _pycon(self, block: Block) -> None:
        test = doctest.DocTestParser().get_doctest(
            block.body, {}, self.page.name, str(self.page), block.line
        )
        test.globs = self.names
        told: list[str] = []
        runner = doctest.DocTestRunner(optionflags=FLAGS)
        if runner.run(test, out=told.append, clear_globs=False).failed or not test.examples:
            raise AssertionError("".join(told) or "nothing is typed here")

    def _toml(self, block: Block) -> None:
        name = block.file or named_in(block.body)
        if block.into:
            put_into(Path(block.into), block.body)
        elif name:
            Path(name).parent.mkdir(parents=True, exist_ok=True)
            Path(name).write_text(block.body, encoding="utf-8")
            read_whole(Path(name))
        else:
            tomllib.loads(block.body)
            read_piece(block.body, self.cities.full / "city.toml", Path.cwd())
