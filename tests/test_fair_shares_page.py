"""The pages on catchments and fair shares: what they type gives what they show."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[1] / "docs"
BLOCK = re.compile(r"^```pycon\n(.*?)^```", re.DOTALL | re.MULTILINE)

pytestmark = pytest.mark.skipif(not DOCS.is_dir(), reason="no docs beside these tests")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("page", "least"), [("how_to/fair_shares.md", 9), ("explanation/reach.md", 5)]
)
def test_every_line_on_the_page_gives_what_it_shows(page, least, repository, monkeypatch):
    monkeypatch.chdir(repository)
    path = DOCS / page
    typed = "\n".join(BLOCK.findall(path.read_text(encoding="utf-8")))
    lines = doctest.DocTestParser().get_doctest(typed, {}, path.name, str(path), 0)
    told: list[str] = []
    runner = doctest.DocTestRunner()

    assert runner.run(lines, out=told.append).failed == 0, "".join(told)
    assert runner.tries >= least
