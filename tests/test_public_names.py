"""Public names are loaded when they are used: none may be the name of one of our files."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

import greenspace


@pytest.mark.parametrize("name", sorted(greenspace.__all__))
def test_no_file_hides_a_public_name(name: str) -> None:
    """Importing ``greenspace.x`` puts the module x in place of whatever gs.x was."""
    assert find_spec(f"greenspace.{name}") is None
