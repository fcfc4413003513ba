"""Holdings: what estates and units have in common when their green is measured.

Question   Which parcels are green land, which share has a title, and what do all of them add up to?
Enters     A Scope, plots that are one row each, and what a gauge gathers on its way.
Leaves     Measured numbers with their districts; one Gauged.
Elsewhere  Estates: estates. Units: units. Which plots are one: prepare/plots.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from greenspace.class_codes import coded_table
from greenspace.errors import ColumnError, InputError
from greenspace.measure.parcels import green_of_all, missing_green, share_by_area, share_by_number
from greenspace.model.check import Measured
from greenspace.model.gauged import Gauged
from greenspace.model.names import name_of
from greenspace.model.source import Finding, finding_of
from greenspace.model.words import Text
from greenspace.prepare.answers import yes_no
from greenspace.prepare.classify import roles_of, unlisted_findings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import geopandas as gpd
    from numpy.typing import NDArray

    from greenspace.evaluate.required import Required
    from greenspace.model.ledger import Ledger
    from greenspace.model.quantity import Ratio, RatioTable
    from greenspace.model.source import Severity
    from greenspace.prepare.ready import Ready
    from greenspace.prepare.repair import Layer
    from greenspace.scope import Scope
    from greenspace.terrain import Terrain

GREEN_LAND = ("green", "park")


class Gathering:
    """Numbers, reasons and findings of one subject, as they come.

    Attributes
    ----------
    strict
        Whether what is refused is refused, as to a caller in a script.
    measured, missing, ledgers
        As in `Gauged`.
    """

    def __init__(self, *, strict: bool = False) -> None:
        self.strict = strict
        self.measured: list[Measured] = []
        self.missing: dict[str, Text] = {}
        self.ledgers: list[Ledger] = []
        self._findings: dict[Finding, None] = {}

    def lack(self, reason: Text, *indicators: str) -> None:
        """Say why indicators have no number."""
        self.missing |= dict.fromkeys(indicators, reason)

    def note(self, findings: Iterable[Finding]) -> None:
        """Keep findings, each once."""
        self._findings |= dict.fromkeys(findings)

    @contextmanager
    def trying(self, *indicators: str) -> Iterator[None]:
        """Go on without some indicators where something inside is refused."""
        try:
            yield
        except InputError as error:
            if self.strict:
                raise
            self.note([replace(finding_of(error), severity="warning", indicators=indicators)])
            known = {item.ratio.indicator for item in self.measured} | set(self.missing)
            self.lack(error.problem, *(name for name in indicators if name not in known))

    def gauged(self, *used: str) -> Gauged:
        """Return everything, and which layers were looked at."""
        return Gauged(
            measured=tuple(self.measured),
            missing=self.missing,
            findings=tuple(self._findings),
            ledgers=tuple(self.ledgers),
            used=frozenset(used),
        )


def green_land(
    ready: Ready, green: Layer, edition: str | None
) -> tuple[NDArray[Any], tuple[Finding, ...]]:
    """Return the parcels that are green land; every parcel where no classes are given.

    Raises
    ------
    ColumnError
        A class code is missing, or unknown in this edition.
    """
    frame = ready.layer(green, "green", overlaps=False)
    shapes = frame.geometry.to_numpy()
    if edition is None or "class" not in frame.columns:
        return shapes, ()
    table = coded_table(frame, edition, "green")
    roles = roles_of(frame["class"], table, "green")
    findings = unlisted_findings(frame["class"], table, "green")
    return shapes[np.isin(roles, GREEN_LAND)], findings


def require_column(frame: gpd.GeoDataFrame, layer: str, column: str = "name") -> None:
    """Refuse a layer that lacks a column.

    Raises
    ------
    ColumnError
        Names the columns that there are.
    """
    if column in frame.columns:
        return
    raise ColumnError(
        f"图层 {layer} 没有字段 {column}。",
        f"The layer {layer} has no column {column}.",
        remedy=Text(zh=f"请把该列改名为 {column}。", en=f"Rename the column to {column}."),
        layer=layer,
        column=column,
        found=tuple(str(name) for name in frame.columns),
    )


def with_titles(
    frame: gpd.GeoDataFrame, layer: str, titles: Iterable[str], found: Gathering
) -> tuple[gpd.GeoDataFrame, tuple[str, ...]]:
    """Return a layer whose titles are truth values, and which of them it tells."""
    told = []
    for title in titles:
        if title not in frame.columns:
            continue
        with found.trying():
            answers, findings = yes_no(frame[title], layer)
            found.note(findings)
            frame = frame.assign(**{title: answers})
            told.append(title)
    return frame, tuple(told)


def over_districts(terrain: Terrain, ratio: Ratio, table: RatioTable | None) -> Measured:
    """Return a number with its part in each district; the table is over `terrain.places`."""
    names, start = terrain.district_names, terrain.first_district
    if table is None or not names:
        return Measured(ratio=ratio)
    beyond = start + len(names)
    return Measured(
        ratio=ratio,
        zones=table.take(range(start, beyond)),
        zone_names=names,
        outside=table.ratio(beyond, place="outside") if beyond < len(table) else None,
    )


def measure_green(
    scope: Scope,
    indicator: str,
    green: NDArray[Any],
    plots: gpd.GeoDataFrame,
    *,
    layer: str,
    undefined: Text,
) -> Measured:
    """Measure how much of all plots is green land, in the city and in each district."""
    terrain = scope.terrain
    places = terrain.places if len(terrain.places) else None
    ratio, table = green_of_all(indicator, green, plots, places, undefined=undefined)
    sources = scope.city.sources(layer, "green", "built_up")
    table = None if table is None else table.sourced(sources)
    return over_districts(terrain, ratio.with_sources(*sources), table)


def measure_titled(
    scope: Scope,
    indicator: str,
    plots: gpd.GeoDataFrame,
    title: str,
    *,
    layer: str,
    undefined: Text,
    by_area: bool = False,
) -> Measured:
    """Measure which share of estates or units has a title, by number or by area."""
    terrain = scope.terrain
    held = plots[title].to_numpy(dtype=bool)
    measure = share_by_area if by_area else share_by_number
    places = _places(terrain, plots, by_area=by_area)
    ratio, table = measure(indicator, plots, held, places, undefined=undefined)
    sources = scope.city.sources(layer, "built_up")
    table = None if table is None else table.sourced(sources)
    return over_districts(terrain, ratio.with_sources(*sources), table)


def _places(terrain: Terrain, plots: gpd.GeoDataFrame, *, by_area: bool) -> gpd.GeoDataFrame | None:
    """Return the places of a terrain; by number, with the estates of each, by position."""
    if not len(terrain.places):
        return None
    if by_area:
        return terrain.places
    home = plots["district"].to_numpy()
    districts = [np.flatnonzero(home == name) for name in terrain.district_names]
    rows = [np.arange(len(plots))] * terrain.first_district + districts
    if len(rows) < len(terrain.places):
        rows.append(np.flatnonzero(home == ""))
    return terrain.places.assign(rows=rows)


def rows_of(
    plots: gpd.GeoDataFrame,
    green: RatioTable | None,
    coverage: RatioTable | None,
    asked: Iterable[Required],
) -> pd.DataFrame:
    """Return one row an estate or unit: its green land, what is asked, and what is missing.

    Parameters
    ----------
    green
        Green land of each plot; ``None`` where there are no parcels.
    asked
        What each plot owes.
    """
    area = shapely.area(plots.geometry.to_numpy())
    nothing = np.full(len(plots), np.nan)
    share, land = nothing, nothing
    if green is not None:
        share, land = green.value.to_numpy(), green.to_frame()["numerator"].to_numpy()
    decided = [rule.decide(value) for rule, value in zip(asked, share, strict=True)]
    required = np.array([least for least, _ in decided], dtype=float)
    met = [verdict for _, verdict in decided]
    lack = missing_green(land, area, required, np.array(met, dtype=object) == np.True_)
    return pd.DataFrame(
        {
            "name": plots["name"].to_numpy(),
            "district": plots["district"].to_numpy(),
            "plots": plots["plots"].to_numpy(),
            "area_m2": area,
            "green_m2": land,
            "ratio": share,
            "required": required,
            "coverage": nothing if coverage is None else coverage.value.to_numpy(),
            "meets": pd.Series(met, index=plots.index, dtype=object),
            "short_m2": lack,
        },
        index=plots.index,
    )


def short_first(rows: pd.DataFrame) -> pd.DataFrame:
    """Return those that fall short, the one that lacks most green land first."""
    short = rows[np.array([met is not None and not met for met in rows["meets"]], dtype=bool)]
    return short.sort_values("short_m2", ascending=False, kind="stable")


def names_of(rows: pd.DataFrame) -> list[str]:
    """Return the names of rows, each once; those without one each stand alone."""
    names = rows["name"]
    return names[(names == "") | ~names.duplicated()].tolist()


def severity_of(scope: Scope, *indicators: str) -> Severity:
    """Return how grave it is to fall short: a note where the standard asks for none of these."""
    asked = {row.indicator for row in scope.profile.at(scope.level)}
    return "warning" if asked & set(indicators) else "note"


def coverage_of(scope: Scope, plots: gpd.GeoDataFrame) -> RatioTable | None:
    """Return the judged vegetation of each plot, ``None`` where the city brings none."""
    try:
        return scope.cover.green_in(plots) if len(plots) else None
    except InputError:
        return None  # the survey says why


def short_finding(
    code: str,
    text: Text,
    layer: str,
    short: pd.DataFrame,
    indicator: str,
    *,
    severity: Severity = "warning",
) -> Finding:
    """Return a finding of those that fall short, with their number and area."""
    return Finding(
        code=code,
        text=text,
        severity=severity,
        layer=layer,
        rows=tuple(short.index),
        count=len(short),
        area_m2=float(short["area_m2"].sum()),
        indicators=(indicator,),
    )


def registered_once(
    frame: gpd.GeoDataFrame, layer: str, keys: tuple[str, ...]
) -> tuple[int, tuple[Finding, ...]]:
    """Return how many different things a register holds; those without a name each count."""
    named = [key for key in keys if key in frame.columns]
    if "name" not in named:
        return len(frame), ()
    words = frame[named].map(name_of)
    again = (words["name"] != "") & words.duplicated()
    if not again.any():
        return len(frame), ()
    count = int(again.sum())
    text = Text(
        zh=f"{count} 行与同区同名的一行重复，只计一次。",
        en=f"Rows that repeat one of the same name and district, counted once: {count}.",
    )
    rows = tuple(frame.index[again])
    finding = Finding(
        code="registered_twice", text=text, severity="warning", layer=layer, rows=rows, count=count
    )
    return len(frame) - count, (finding,)
