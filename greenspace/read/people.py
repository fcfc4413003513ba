"""People: how many live in the city, from the number or the column that the manifest names.

Question   How many persons stand below the line of every per-head figure, and who says so?
Enters     The manifest's population and the districts.
Leaves     A number or ``None``, with findings where two sources speak.
Elsewhere  Spreading people over places: prepare/allocate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from greenspace.errors import ColumnError, ManifestError
from greenspace.model.layers import GREENWAYS_PER_10K, PARKS_BY_CLASS
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.read.manifest import PopulationColumn, PopulationRaster

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import geopandas as gpd

DISAGREEMENT = 0.005
CITY_ROLE = "city_population"
PER_HEAD = ("park_area_per_capita", *PARKS_BY_CLASS, GREENWAYS_PER_10K)  # of the whole city
Asked = float | PopulationColumn | PopulationRaster | None


def count_residents(
    frame: gpd.GeoDataFrame, column: str, *, layer: str, file: Path | str
) -> pd.Series:
    """Return a column of persons as numbers.

    Raises
    ------
    ColumnError
        A row has no number, or one below zero: ``rows`` names the rows, or the places where
        the layer names them. Or nobody lives anywhere.
    """
    values: pd.Series = pd.to_numeric(frame[column], errors="coerce").astype(float)
    bad = ~(np.isfinite(values) & (values >= 0))
    if pd.api.types.is_bool_dtype(frame[column]):
        bad = pd.Series(data=True, index=frame.index)
    if bad.any():
        names = frame["name"] if "name" in frame.columns else frame.index.to_series()
        raise ColumnError(
            f"人口字段有 {int(bad.sum())} 行为空、为负或不是数。",
            f"The population column has {int(bad.sum())} rows that are missing, negative or"
            " no number.",
            remedy=Text(
                zh="请补全这些行的人口，或在 [city] 下直接写 population。",
                en="Fill in those rows, or leave the column out and give population in [city].",
            ),
            file=file,
            layer=layer,
            column=column,
            rows=names[bad],
            expected=">= 0",
            found=tuple(frame.loc[bad, column]),
        )
    if values.sum() == 0:
        raise ColumnError(
            "人口字段全为零。",
            "The population column is zero everywhere.",
            remedy=Text(zh="请核对人口字段。", en="Check the population column."),
            file=file,
            layer=layer,
            column=column,
            found=0,
        )
    return values


def roles_with_people(columns: Mapping[str, str], asked: Asked) -> dict[str, str]:
    """Return the districts' roles, with the column that ``[city]`` asks for among them.

    Examples
    --------
    >>> roles_with_people({"name": "NAME"}, PopulationColumn(column="POP"))
    {'name': 'NAME', 'population': 'POP'}
    """
    roles = dict(columns)
    if isinstance(asked, PopulationColumn) and roles.setdefault("population", asked.column) != (
        asked.column
    ):
        roles[CITY_ROLE] = asked.column
    return roles


def city_population(
    asked: Asked, districts: gpd.GeoDataFrame | None, *, manifest: Path, file: Path | str
) -> tuple[float | None, tuple[Finding, ...]]:
    """Return the persons in the built-up area, and what to know about the number.

    Parameters
    ----------
    asked
        What ``[city]`` says.
    districts
        With the columns of `roles_with_people`, counted by `count_residents`.
    manifest, file
        The manifest and the file of the districts, for refusals.

    Raises
    ------
    ManifestError
        A column of the districts is asked for, and there are no districts.
    """
    if isinstance(asked, PopulationRaster):
        return None, ()  # counted inside the built-up area, where that is made ready
    if isinstance(asked, PopulationColumn):
        if districts is None:
            raise _no_districts(asked, manifest)
        if CITY_ROLE not in districts.columns:
            return float(districts["population"].sum()), ()
        people = count_residents(districts, CITY_ROLE, layer="districts", file=file)
        return float(people.sum()), ()
    if asked is None:
        summed = None if districts is None else _sum_of(districts)
        return summed, () if summed is None else (_taken_from_districts(summed),)
    return asked, disagreement_findings(asked, districts)


def disagreement_findings(
    persons: float, districts: gpd.GeoDataFrame | None
) -> tuple[Finding, ...]:
    """Return a warning where the districts' persons sum to another number than the city's."""
    summed = None if districts is None else _sum_of(districts)
    if summed is None or abs(summed - persons) <= DISAGREEMENT * persons:
        return ()
    return (_disagreement(persons, summed),)


def _sum_of(districts: gpd.GeoDataFrame) -> float | None:
    return float(districts["population"].sum()) if "population" in districts.columns else None


def _no_districts(asked: PopulationColumn, manifest: Path) -> ManifestError:
    return ManifestError(
        f"city.population 指向字段 {asked.column}，但清单没有 [layers.districts]。",
        f"city.population names the column {asked.column}, but there is no [layers.districts].",
        remedy=Text(
            zh="请加上 [layers.districts]，或直接写人数。",
            en="Add [layers.districts], or write the number of persons.",
        ),
        file=manifest,
        layer="districts",
        column=asked.column,
        expected="layers.districts",
    )


def _taken_from_districts(summed: float) -> Finding:
    text = Text(
        zh=f"清单没有写人口，采用各区人口之和 {summed:,.0f} 人。",
        en=f"The manifest gives no population; the districts' sum, {summed:,.0f}, was taken.",
    )
    return Finding(
        code="population_from_districts", text=text, layer="districts", indicators=PER_HEAD
    )


def _disagreement(asked: float, summed: float) -> Finding:
    apart = f"{abs(summed - asked) / asked:.1%}" if asked else "—"
    text = Text(
        zh=f"city.population 是 {asked:,.0f} 人，各区之和是 {summed:,.0f}，相差 {apart}；全市指标按前者。",
        en=f"By city.population there are {asked:,.0f} persons; the districts sum to {summed:,.0f},"
        f" {apart} apart; the city's figure uses the first.",
    )
    return Finding(
        code="population_disagreement",
        text=text,
        severity="warning",
        layer="districts",
        indicators=PER_HEAD,
    )
