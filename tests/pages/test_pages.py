"""Every block of every page is run, page by page, and gives what the page shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages.after import AFTER
from tests.pages.page import blocks_of
from tests.pages.session import EXECUTED, Session
from tests.pages.setups import Cities, write_small

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
NO_SESSIONS = {"cards", "changelog.md", "decisions", "gallery"}  # tests/test_gallery holds the last
PAGES = [
    ROOT / "README.md",
    *(
        page
        for page in sorted(DOCS.rglob("*.md"))
        if not NO_SESSIONS & set(page.relative_to(DOCS).parts)
    ),
]
SLOW = {  # more than some four seconds of one core each: run every night
    "README.md",
    "explanation/reach.md",
    "how_to/annex.md",
    "how_to/cluster.md",
    "how_to/estates.md",
    "how_to/fair_shares.md",
    "how_to/green_lines.md",
    "how_to/league.md",
    "how_to/hand_in.md",
    "how_to/interactive_map.md",
    "how_to/maps.md",
    "how_to/my_boundary.md",
    "how_to/new_parks.md",
    "how_to/no_network.md",
    "how_to/on_course.md",
    "how_to/own_city.md",
    "how_to/own_image.md",
    "how_to/paper_maps.md",
    "how_to/validate.md",
    "how_to/verify.md",
    "how_to/walking.md",
    "how_to/yardsticks.md",
    "tutorial/first_check.md",
    "tutorial/raw_files_to_report.md",
    "index.md",
    "zh/index.md",
    "zh/raw_files_to_report.md",
}


pytestmark = pytest.mark.skipif(not DOCS.is_dir(), reason="no docs beside these tests")


def named(page):
    return page.relative_to(ROOT).as_posix().removeprefix("docs/")


def to_run(page):
    return any(block.language in EXECUTED for block in blocks_of(page))


@pytest.fixture(scope="session")
def small_cities(tmp_path_factory):
    return write_small(tmp_path_factory.mktemp("small"))


@pytest.fixture
def cities(sample_city, small_cities):
    whole, small = small_cities
    return Cities(full=sample_city.parent, whole=whole, small=small, asked=sample_city.parent)


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(page, id=named(page), marks=[pytest.mark.slow] if named(page) in SLOW else [])
        for page in PAGES
        if to_run(page)
    ],
)
def test_every_block_of_the_page_runs(page, cities, tmp_path, monkeypatch):
    (tmp_path / "data").symlink_to(ROOT / "data")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COLUMNS", raising=False)
    session = Session(page, cities)

    session.play()

    assert session.run > 0
    checked = AFTER.get(named(page))
    if checked is not None:
        checked(tmp_path, session.names)
