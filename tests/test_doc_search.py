"""The search of the pages finds Chinese words inside longer ones."""

from __future__ import annotations

import sys
from pathlib import Path

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
