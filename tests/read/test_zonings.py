"""Zoning schemes: those of the library, and what a file of one's own may not say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from greenspace.errors import DefinitionError
from greenspace.read.zonings import list_zonings, read_zoning

if TYPE_CHECKING:
    from pathlib import Path

BASE = """id = "scenic"
name = { zh = "风景区分区", en = "zones of a scenic area" }
[[level1]]
id = "first"
name = { zh = "一级保护区", en = "first grade" }
[[level1]]
id = "second"
name = { zh = "二级保护区", en = "second grade" }
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "ours.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_all_that_a_file_of_ones_own_says_is_the_users(tmp_path: Path) -> None:
    text = BASE + '[[share]]\nzone = "first"\nat_least = 0.4\nat_most = 0.4\nmark = "user"\n'
    scheme = read_zoning(written(tmp_path, text))
    assert {kind.mark for kind in scheme.kinds} | {rule.mark for rule in scheme.shares} == {"user"}


@pytest.mark.parametrize("mark", ["verified", "provisional", "weak"])
@pytest.mark.parametrize(
    ("table", "key"),
    [
        ('[[level1]]\nid = "x"\nname = { zh = "x", en = "y" }', "level1[3].mark"),
        ('[[level2]]\nid = "x"\nname = { zh = "x", en = "y" }', "level2[1].mark"),
        ('[[share]]\nzone = "first"\nat_least = 0.4', "share[1].mark"),
    ],
)
def test_a_file_of_ones_own_cannot_promote_itself(
    tmp_path: Path, mark: str, table: str, key: str
) -> None:
    path = written(tmp_path, f'{BASE}{table}\nmark = "{mark}"\n')
    with pytest.raises(DefinitionError) as caught:
        read_zoning(path)
    assert (caught.value.column, caught.value.found) == (key, mark)


@pytest.mark.parametrize("name", [*list_zonings(), "GB/T 39736-2020", "gb-t-39736-2020"])
def test_a_file_of_ones_own_is_no_scheme_of_the_library(tmp_path: Path, name: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        read_zoning(written(tmp_path, BASE.replace("scenic", name, 1)))
    assert caught.value.column == "id"


@pytest.mark.parametrize(
    "table",
    [
        '[[share]]\nzone = "first"\nat_least = 0.9\nat_most = 0.1',
        '[[share]]\nzone = "first"\nat_least = 0.4\n[[share]]\nzone = "first"\nat_most = 0.7',
        '[[share]]\nzone = "first"\nat_least = true',
        '[[share]]\nzone = "first"\nat_least = 0.4\nnote = { zh = "\\u001b[31m", en = "red" }',
        '[[level2]]\nid = "f"\nname = { zh = "", en = "f1" }',
        '[[level2]]\nid = "f"\nname = { zh = "f1", en = " " }',
        '[[level2]]\nid = "f"\nname = { zh = "f1\\u202e", en = "f2" }',
    ],
)
def test_what_a_scheme_cannot_mean_is_refused(tmp_path: Path, table: str) -> None:
    with pytest.raises(DefinitionError):
        read_zoning(written(tmp_path, f"{BASE}{table}\n"))
