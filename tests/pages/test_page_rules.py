"""The rules of pages: a wrong block fails, a foreign command has a known shape, little is left out."""

from __future__ import annotations

import pytest

from greenspace.read.definitions import read_profile
from tests.pages.page import blocks_of
from tests.pages.session import EXECUTED, ONLY_READ, Session
from tests.pages.setups import Cities
from tests.pages.shell import ROOT, require_known, require_shown
from tests.pages.test_pages import DOCS, PAGES, named

NOT_RUN = {  # page: how many blocks, each with its reason on the page
    "how_to/no_network.md": 3,
    "how_to/cluster.md": 2,
    "how_to/postgis.md": 1,
    "how_to/validate.md": 1,
}
OWN = 'id = "A"\nextends = "CN-2022"\ntitle = { zh = "甲", en = "A" }\n'
ROW = (
    '[[criterion]]\nindicator = "{}"\nlevel = "garden"\noperator = ">="\nvalue = 0.5\n'
    'mark = "user"\nsource = {{ document = "1", page = 1 }}\n'
)

pytestmark = pytest.mark.skipif(not DOCS.is_dir(), reason="no docs beside these tests")


@pytest.fixture
def play(tmp_path, monkeypatch):
    """Write a page and run it in a folder of its own, with the sample city where cities are."""
    sample = ROOT / "data" / "sample"
    monkeypatch.chdir(tmp_path)

    def play(text):
        (tmp_path / "page.md").write_text(text, encoding="utf-8")
        session = Session(tmp_path / "page.md", Cities(sample, sample, sample, sample))
        session.play()
        return session

    return play


@pytest.mark.parametrize(
    "block",
    [
        "```python\n1 / 0\n```",
        "```python\nimport greenspace as gs\ngs.no_such_name\n```",
        "```pycon\n>>> 1 + 1\n3\n```",
        "```pycon\nnothing typed\n```",
        "```console\n$ greenspace check nowhere.toml\n```",
        "```console\n$ greenspace standards --no-such-option\n```",
        "```console\n$ greenspace standards --lang en\nno such line\n```",
        "```console\ngreenspace standards\n```",
        "```console\n$ pip install greenspace[no-such-extra]\n```",
        "```console\n$ rm -r city\n```",
        "% exits: 2\n\n```console\n$ greenspace standards\n```",
        "```bash\ngreenspace no-such-command\n```",
        '```toml\n[layers.parks]\npath = "a.shp"\nno_such_key = 1\n```',
        '```toml\n[[criterion]]\nindicator = "no_such_indicator"\nvalue = 0.4\n```',
        "```toml\nno_such_table = 1\n```",
        "```\nwithout a language\n```",
        "```cobol\nSTOP RUN.\n```",
        "% run: no such setup\n",
        "% runs: small city as .\n",
        "% into: city.toml\n\nNo block here.\n",
    ],
)
def test_a_block_that_is_wrong_fails(play, block):
    with pytest.raises(AssertionError, match=r"page\.md"):
        play(f"# Page\n\n{block}\n")


def test_blocks_share_names_and_files_in_their_order(play, tmp_path):
    session = play(
        "% run: python before = 1\n\n```python\nafter = before + 1\n```\n\n```pycon\n>>> after\n2\n```\n\n"
        f"% file: a/our.toml\n\n```toml\n{OWN}{ROW.format('green_space_ratio')}```\n\n"
        f"% into: a/our.toml\n\n```toml\n{ROW.format('green_coverage')}```\n\n"
        "```console\n$ greenspace standards show a/our.toml --lang en\n...\n```\n\n"
        "% not run: needs a server\n\n```python\n1 / 0\n```\n"
    )

    assert session.run == 5
    rows = {row.indicator: row for row in read_profile(tmp_path / "a" / "our.toml").at("garden")}
    for indicator in ("green_space_ratio", "green_coverage"):
        assert rows[indicator].thresholds[0].values == (0.5,)


def test_what_is_shown_is_whole_but_where_lines_are_left_out():
    said = "one\n  two   words\nthree\n"
    require_shown(("one", "two words", "three"), said)
    require_shown(("one", "...", "three"), said)
    require_shown(("...", "three"), said)
    for shown in (("one", "three"), ("two words", "..."), ("...", "two words")):
        with pytest.raises(AssertionError, match="the page shows"):
            require_shown(shown, said)


@pytest.mark.parametrize(
    "line",
    [
        "pip install .",
        "pip install .[dev]",
        "pip install -e .[test]",
        "pip install greenspace[postgis]",
        "python -m pip install greenspace",
        "pip download greenspace --dest wheels --only-binary :all: --python-version 3.11",
        "pytest",
        "bash .ci/run",
        "python -m venv .venv",
    ],
)
def test_foreign_commands_of_known_shape_pass(line):
    require_known(line.split())


@pytest.mark.parametrize(
    "line",
    [
        "pip install numpy",
        "pip install",
        "pip uninstall greenspace",
        "pip download greenspace --python-version 3.8",
        "pytest no/such/file.py",
        "bash .ci/no_such_file",
        "curl https://example.org",
    ],
)
def test_other_foreign_commands_fail(line):
    with pytest.raises(AssertionError):
        require_known(line.split())


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_block_of_the_page_has_a_known_language_and_few_are_not_run(page):
    blocks = blocks_of(page)

    assert {block.language for block in blocks} <= EXECUTED | set(ONLY_READ) | {"run"}
    assert sum(block.not_run is not None for block in blocks) == NOT_RUN.get(named(page), 0)
