"""The pages on new parks, other yardsticks and estates: what they type gives what they show."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

PAGES = Path(__file__).resolve().parents[1] / "docs" / "how_to"
BLOCK = re.compile(r"^```pycon\n(.*?)^```", re.DOTALL | re.MULTILINE)

pytestmark = pytest.mark.skipif(not PAGES.is_dir(), reason="no docs beside these tests")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "least"), [("estates.md", 9), ("new_parks.md", 8), ("yardsticks.md", 15)]
)
def test_every_line_on_the_page_gives_what_it_shows(repository, monkeypatch, name, least):
    path = PAGES / name
    monkeypatch.chdir(repository)
    typed = "\n".join(BLOCK.findall(path.read_text(encoding="utf-8")))
    page = doctest.DocTestParser().get_doctest(typed, {}, path.name, str(path), 0)
    told: list[str] = []
    runner = doctest.DocTestRunner()

    assert runner.run(page, out=told.append).failed == 0, "".join(told)
    assert runner.tries >= least
