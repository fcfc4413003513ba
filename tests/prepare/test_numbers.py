"""Numbers: counts as people write them, and what is no count."""

from __future__ import annotations

from math import nan

import pandas as pd
import pytest

from greenspace.prepare.numbers import numbers_of


def of(*cells):
    return numbers_of(pd.Series(cells, name="households", dtype=object), "communities")


@pytest.mark.parametrize(
    ("cell", "number"), [("1,234", 1234), ("\uff11\uff12", 12), (7, 7), ("12.0", 12)]
)
def test_a_number_is_read_as_it_is_written(cell, number):
    numbers, findings = of(cell)

    assert numbers.tolist() == [number]
    assert findings == ()


@pytest.mark.parametrize("cell", ["12,34", "约700", "12²", "½", -3, True, "inf", "0x10"])
def test_what_is_no_number_costs_its_own_cell_alone(cell):
    numbers, (told,) = of(726, cell)

    assert numbers.tolist() == pytest.approx([726, nan], nan_ok=True)
    assert (told.code, told.severity, told.rows) == ("not_a_number", "warning", (1,))


def test_an_empty_cell_is_told():
    _, (told,) = of(726, "—")

    assert (told.code, told.rows) == ("no_number", (1,))
