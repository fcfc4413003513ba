"""The pages on old trees and on zones: their examples give what they show."""

from __future__ import annotations

import doctest
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("page", ["old_trees.md", "zoning.md"])
def test_the_page_shows_what_comes_out(
    page: str, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository)
    file = repository / "docs" / "how_to" / page
    flags = doctest.NORMALIZE_WHITESPACE
    found = doctest.testfile(str(file), module_relative=False, optionflags=flags, encoding="utf-8")
    assert found.attempted > 5
    assert found.failed == 0
