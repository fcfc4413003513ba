"""The page on new parks: what it types gives what it shows."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[1] / "docs" / "how_to" / "new_parks.md"
BLOCK = re.compile(r"^```pycon\n(.*?)^```", re.DOTALL | re.MULTILINE)

pytestmark = pytest.mark.skipif(not PAGE.is_file(), reason="no docs beside these tests")


@pytest.mark.slow
def test_every_line_on_the_page_gives_what_it_shows(repository, monkeypatch):
    monkeypatch.chdir(repository)
    typed = "\n".join(BLOCK.findall(PAGE.read_text(encoding="utf-8")))
    page = doctest.DocTestParser().get_doctest(typed, {}, PAGE.name, str(PAGE), 0)
    told: list[str] = []
    runner = doctest.DocTestRunner()

    assert runner.run(page, out=told.append).failed == 0, "".join(told)
    assert runner.tries >= 8
