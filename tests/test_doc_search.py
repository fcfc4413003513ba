"""The search of the pages finds Chinese words inside longer ones."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest

EXTENSIONS = Path(__file__).resolve().parents[1] / "docs" / "_ext"

pytestmark = pytest.mark.skipif(not EXTENSIONS.is_dir(), reason="no docs beside these tests")


@pytest.fixture
def words(monkeypatch):
    monkeypatch.setattr(sys, "path", [str(EXTENSIONS), *sys.path])
    from search_words import SearchBoth

    return SearchBoth({})


def test_a_run_of_chinese_is_cut_into_pairs(words):
    assert words.split("the 建成区绿地 of 树") == [
        "the",
        "of",
        "建成",
        "成区",
        "区绿",
        "绿地",
        "树",
    ]


@pytest.mark.parametrize("asked", ["绿化覆盖率", "热岛", "古树", "林荫路"])
def test_every_pair_of_a_word_is_among_those_of_a_longer_one(words, asked):
    page = f"建成区{asked}的量算"
    assert set(words.split(asked)) <= set(words.split(page))


def test_pairs_go_into_the_index_and_english_is_stemmed(words):
    assert words.word_filter("覆盖")
    assert words.stem("roads") == "road"


PAGES = {
    "index": "# Front\n\n```{toctree}\ncard\nother\n```\n",
    "card": "# 建成区绿化覆盖率\n\n城市热岛效应与各条林荫路，roads\n",
    "other": "# 离线安装\n\nNothing of green.\n",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    for name, text in PAGES.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    (folder / "conf.py").write_text(
        f"import sys\nsys.path.insert(0, {str(EXTENSIONS)!r})\n"
        "extensions = ['myst_parser', 'search_words']\nhtml_theme = 'basic'\n",
        encoding="utf-8",
    )
    command = (sys.executable, "-m", "sphinx", "-q", str(folder), str(folder / "html"))
    subprocess.run(command, check=True, timeout=120)
    return folder / "html"


@pytest.mark.chromium
@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("绿化覆盖率", "card"),
        ("热岛", "card"),
        ("road", "card"),
        ("安装", "other"),
    ],
)
def test_a_browser_finds_the_page_by_part_of_a_name(site, chromium, tmp_path, asked, found):
    address = f"{(site / 'search.html').as_uri()}?q={quote(asked)}"
    flags = ("--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=10000")
    command = [chromium, *flags, f"--user-data-dir={tmp_path}", "--dump-dom", address]
    page = subprocess.run(command, capture_output=True, check=True, timeout=120).stdout.decode()

    results = page.partition('id="search-results"')[2]
    assert [name for name in ("card", "other") if f'href="{name}.html' in results] == [found]
