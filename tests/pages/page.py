"""A page taken apart: its blocks in their order, and what its hidden comments ask for."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COMMENT = re.compile(r"^(?:% ?(?P<myst>.*)|<!-- (?P<html>.*) -->)$")
ASKED = re.compile(r"^(run|file|into|exits|not run): *(\S.*)$")
LIKE_ASKED = re.compile(r"^[a-z][a-z ]{1,12}: ")
FENCE = re.compile(r"^(?P<indent> *)(?P<ticks>`{3,})(?P<language>[^`]*)$")


@dataclass(frozen=True)
class Block:
    """A block of a page: its language (``run`` for a setup), its text, its first line."""

    language: str
    body: str
    line: int
    file: str | None = None  # written whole to this file
    into: str | None = None  # put into this file, table by table
    exits: int = 0
    not_run: str | None = None  # why not


def blocks_of(page: Path) -> list[Block]:
    """Return the blocks and setups of a page; a comment that nobody understands is refused."""
    return list(_blocks(page.read_text(encoding="utf-8").splitlines(), page.name))


def _blocks(lines: list[str], name: str) -> Iterator[Block]:
    asked: dict[str, str] = {}
    at = 0
    while at < len(lines):
        line = lines[at]
        if comment := COMMENT.match(line):
            words = (comment["myst"] or comment["html"] or "").strip()
            if known := ASKED.match(words):
                if known[1] == "run":
                    yield Block("run", known[2], at + 1)
                else:
                    asked[known[1].replace(" ", "_")] = known[2]
            elif comment["myst"] and LIKE_ASKED.match(words):
                raise AssertionError(f"{name}:{at + 1}: no such comment: {words}")
        elif fence := FENCE.match(line):
            end = next(i for i in range(at + 1, len(lines)) if _closes(lines[i], fence))
            body = textwrap.dedent("\n".join(lines[at + 1 : end])) + "\n"
            language = fence["language"].strip()
            if not language.startswith("{") or asked:
                yield Block(
                    language, body, at + 2, **{**asked, "exits": int(asked.get("exits", 0))}
                )
            asked = {}
            at = end
        elif line.strip() and asked:
            raise AssertionError(f"{name}:{at + 1}: {asked} stands before no block")
        at += 1


def _closes(line: str, fence: re.Match[str]) -> bool:
    closing = line.strip()
    return set(closing) == {"`"} and len(closing) >= len(fence["ticks"])
