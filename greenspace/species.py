"""Species indices: from lists of plants, birds and fish to the numbers of the standards.

Question   How much of the region's life does the city hold, and how native are its plants?
Enters     Lists of species, as a file or a DataFrame, or a city that names one.
Leaves     Ratios, and the table of groups that stands behind them.
Elsewhere  Reading: read/species. Joining rows: prepare/species. The mean: measure/species.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from greenspace.errors import InputError
from greenspace.measure import species as measure
from greenspace.model.check import Measured
from greenspace.model.gauged import Gauged
from greenspace.model.ledger import Column, Ledger
from greenspace.model.source import Source, finding_of
from greenspace.model.species import FAUNA, GROUP_NAMES, INDEX, INDICATORS, NATIVE, NATIVE_WOODY
from greenspace.model.words import Text
from greenspace.prepare.species import ready_species
from greenspace.read.files import require_file, sha256_of
from greenspace.read.species import read_species, species_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from greenspace.model.quantity import Ratio
    from greenspace.model.source import Finding
    from greenspace.model.species import GroupCount
    from greenspace.scope import Scope

    Found = tuple[dict[str, Ratio], tuple[GroupCount, ...], tuple[Finding, ...]]

NO_LISTS = Text(
    zh="清单没有物种名录（[species]）；也可在 [supplied] 中填报。",
    en="The manifest has no lists of species ([species]); the city may also supply the number "
    "under [supplied].",
)
COLUMNS = (
    Column("group", Text("类群", "group")),
    Column("built_up", Text("建成区物种数", "species in the built-up area"), "count"),
    Column("municipality", Text("市域物种数", "species in the municipality"), "count"),
    Column("share", Text("比例", "share"), "1"),
    Column("kept", Text("未计入的饲养物种", "kept species, left out"), "count"),
)


def species_index(
    lists: pd.DataFrame | Path | str,
    *,
    columns: Mapping[str, str] | None = None,
    encoding: str | None = None,
) -> Ratio:
    """Measure the species index (综合物种指数): the mean of P_i = N_bi / N_i, i = plants, birds, fish.

    N_bi are the species of a group in the built-up area, N_i those in the whole municipality.
    Of birds and fish only wild ones count; each species counts once.

    Parameters
    ----------
    lists
        A DataFrame, or a CSV file in UTF-8 or GBK: one row a species of the municipality, with
        ``group`` (plants/植物, birds/鸟类, fish/鱼类), ``species``, ``built_up`` (yes/是, no/否) and
        ``wild``.
    columns
        Columns by role, where their names do not tell.
    encoding
        Of the file, where its bytes do not tell.

    Returns
    -------
    Ratio
        The sum of the three shares over 3; NaN, with the groups named, where one is missing.
        Findings tell of species named twice and of kept animals left out.

    Raises
    ------
    ColumnError
        A column is missing, a group is unknown, a row names no species, or an answer is neither
        yes nor no.
    InputError
        There are no rows.

    References
    ----------
    国家生态园林城市标准（暂行）, 2004: 综合物种指数.

    Examples
    --------
    >>> lists = pd.DataFrame({
    ...     "group": ["植物", "植物", "鸟类", "鱼类"], "species": ["樟树", "银杏", "喜鹊", "鲫鱼"],
    ...     "built_up": ["是", "否", "是", "否"], "wild": ["", "", "是", "是"]})
    >>> species_index(lists).value
    0.5
    """
    ratios, _, findings = _indices(*_rows(lists, columns, encoding))
    return ratios[INDEX].with_findings(*(item for item in findings if INDEX in item.indicators))


def native_plant_index(
    lists: pd.DataFrame | Path | str,
    *,
    woody: bool = False,
    columns: Mapping[str, str] | None = None,
    encoding: str | None = None,
) -> Ratio:
    """Measure the share of native species among the plants of the built-up area (本地植物指数).

    Parameters
    ----------
    lists
        As in `species_index`, with the columns ``native`` and, for woody plants, ``woody``.
    woody
        Of woody plants alone: 本地木本植物指数.
    columns, encoding
        As in `species_index`.

    Returns
    -------
    Ratio
        Native plant species over all of them; NaN with a reason where there is none, or the
        lists do not say.

    Raises
    ------
    ColumnError
        As `species_index`; or rows of one plant contradict each other.
    InputError
        There are no rows.

    References
    ----------
    国家生态园林城市标准（暂行）, 2004: 本地植物指数.

    Examples
    --------
    >>> lists = pd.DataFrame({"group": "植物", "species": ["樟树", "银杏", "雪松"],
    ...     "built_up": "是", "native": ["是", "是", "否"]})
    >>> ratio = native_plant_index(lists)
    >>> ratio.numerator, ratio.denominator
    (2.0, 3.0)
    """
    indicator = NATIVE_WOODY if woody else NATIVE
    ratios, _, findings = _indices(*_rows(lists, columns, encoding))
    return ratios[indicator].with_findings(
        *(item for item in findings if indicator in item.indicators)
    )


def gauge_species(scope: Scope) -> Gauged:
    """Measure the indices of a city's lists of species."""
    rows = scope.city.species
    if rows is None:
        return Gauged(missing=dict.fromkeys(INDICATORS, NO_LISTS))
    try:
        ratios, counts, findings = _indices(rows, (), scope.city.sources("species"))
    except InputError as error:
        told = replace(finding_of(error), severity="warning", indicators=INDICATORS)
        return Gauged(missing=dict.fromkeys(INDICATORS, error.problem), findings=(told,))
    return Gauged(
        measured=tuple(Measured(ratio=ratio) for ratio in ratios.values() if ratio.denominator),
        missing={name: it.reason for name, it in ratios.items() if it.reason is not None},
        findings=findings,
        ledgers=(_ledger(counts),),
    )


def _rows(
    lists: pd.DataFrame | Path | str, columns: Mapping[str, str] | None, encoding: str | None
) -> tuple[pd.DataFrame, tuple[Finding, ...], tuple[Source, ...]]:
    if isinstance(lists, pd.DataFrame):
        return species_of(lists.reset_index(drop=True), columns or {}), (), ()
    if not isinstance(lists, Path | str):
        raise InputError(
            f"lists 应是 DataFrame 或文件路径，而不是 {type(lists).__name__}。",
            f"lists should be a DataFrame or the path of a file, not {type(lists).__name__}.",
            remedy=Text(zh="每个物种一行。", en="One row a species."),
            expected=("DataFrame", "path"),
            found=type(lists).__name__,
        )
    rows, findings = read_species(lists, columns or {}, encoding=encoding)
    file = require_file(lists)
    return rows, findings, (Source(role="species", name=file.name, sha256=sha256_of(file)),)


def _indices(
    rows: pd.DataFrame, findings: tuple[Finding, ...], sources: tuple[Source, ...]
) -> Found:
    ready = ready_species(rows)
    counts = measure.count_groups(ready.species, ready.kept)
    ratios = (
        measure.species_index(counts),
        measure.native_plant_index(ready.species),
        measure.native_plant_index(ready.species, woody=True),
    )
    named = {ratio.indicator: ratio.with_sources(*sources) for ratio in ratios}
    return named, counts, (*findings, *ready.findings)


def _ledger(counts: tuple[GroupCount, ...]) -> Ledger:
    rows = pd.DataFrame(
        {
            "group": [GROUP_NAMES[item.group] for item in counts],
            "built_up": [item.built_up for item in counts],
            "municipality": [item.municipality for item in counts],
            "share": [item.share for item in counts],
            "kept": [item.kept if item.group in FAUNA else None for item in counts],
        }
    )
    note = Text(
        "综合物种指数为三类比例的平均值；鸟类、鱼类只计野生的，每个物种只计一次。",
        "The species index is the mean of the three shares; of birds and fish only wild ones "
        "count, and each species counts once.",
    )
    return Ledger("species", Text("物种名录汇总", "species by group"), COLUMNS, rows, note)
