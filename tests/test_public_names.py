"""Public names stay what they are, whatever else was imported."""

from __future__ import annotations

from pathlib import Path

import pytest

import greenspace

PACKAGE = Path(greenspace.__file__).parent


@pytest.mark.parametrize("name", greenspace.__all__)
def test_no_module_takes_the_place_of_a_public_name(name):
    # importing greenspace.x sets greenspace.x to the module, over a function of that name
    assert not (PACKAGE / f"{name}.py").exists()
    assert not (PACKAGE / name).is_dir()
