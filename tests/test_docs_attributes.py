"""The classes that people hold in their hands say of every field what it means."""

from __future__ import annotations

import dataclasses
import inspect

import pytest

from greenspace.model import check, city, definition, league, trajectory, verdict

docscrape = pytest.importorskip("numpydoc.docscrape")

HELD = (
    *(check.Check, check.Measured, verdict.Verdict, verdict.Overall),
    *(city.City, city.ImageSpec, city.HeatRecord, city.Provenance, trajectory.Baseline),
    *(definition.Profile, definition.Criterion, definition.Threshold, definition.Parameter),
    *(definition.Condition, definition.Citation),
    *(league.League, league.CityRow, league.CityVerdict, league.Tally, league.Standing),
)


@pytest.mark.parametrize("held", HELD, ids=lambda held: held.__name__)
def test_every_field_is_explained(held):
    text = docscrape.NumpyDocString(inspect.getdoc(held) or "")
    said = {name.strip() for entry in text["Attributes"] for name in entry.name.split(",")}

    assert {field.name for field in dataclasses.fields(held)} == said
