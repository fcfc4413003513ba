"""A quarter of 1000 x 1000 m, built from layers in memory, and what its gauges find."""

from __future__ import annotations

from pathlib import Path

from greenspace.model.city import City
from greenspace.read.definitions import read_profile
from greenspace.survey import Survey
from tests.town import at, layer

DISTRICTS = layer([at(0, 0, 500, 1000), at(500, 0, 1000, 1000)], name=["甲区", "乙区"])
BASE = {"built_up": layer([at(0, 0, 1000, 1000)]), "districts": DISTRICTS}


def quarter(*, settings=None, editions=None, tables=None, **layers):
    """Return a city of these layers; one that is None is taken out."""
    every = {name: frame for name, frame in (BASE | layers).items() if frame is not None}
    return City(
        name="试区",
        manifest=Path("city.toml"),
        layers=every,
        settings=settings or {},
        editions=editions or {},
        tables=tables or {},
    )


def scope_of(city, standard="CN-2000", level="medium"):
    return Survey(city).scope(read_profile(standard), level)


def gauge(function, city, **standard):
    return function(scope_of(city, **standard))


def ratio(gauged, indicator):
    return next(item.ratio for item in gauged.measured if item.ratio.indicator == indicator)


def zones(gauged, indicator):
    item = next(item for item in gauged.measured if item.ratio.indicator == indicator)
    return dict(zip(item.zone_names, item.zones.value, strict=True))


def ledger(gauged, name):
    return next(item.rows for item in gauged.ledgers if item.id == name)


def told(gauged, code):
    return [finding for finding in gauged.findings if finding.code == code]
