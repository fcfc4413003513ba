"""Species: lists made ready to be counted, each species once, wild animals alone.

Question   Which species does a list come to, and which rows were joined or left out?
Enters     Rows of species with the words that were written of each.
Leaves     One row a species with truths in place of words, kept animals apart, findings.
Elsewhere  Reading: read/species. Counting: measure/species. Yes and no: prepare/answers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from greenspace.errors import ColumnError
from greenspace.model.source import Finding
from greenspace.model.species import FAUNA, INDEX, INDICATORS, NATIVE, NATIVE_WOODY
from greenspace.model.words import Text
from greenspace.prepare.answers import BLANK, yes_no

if TYPE_CHECKING:
    from collections.abc import Iterable

    from greenspace.model.source import Severity

LAYER = "species"
MOST_LISTED = 5
CONCERNED = {
    "built_up": INDICATORS,
    "native": (NATIVE, NATIVE_WOODY),
    "woody": (NATIVE_WOODY,),
    "wild": (INDEX,),
}


@dataclass(frozen=True, slots=True, eq=False)
class SpeciesList:
    """Species, each once.

    Attributes
    ----------
    species
        ``group``, ``species``, ``built_up``; of plants ``native`` and ``woody`` where the list
        says it. Wild animals alone, and all plants.
    kept
        Animals that only live where people keep them: ``group`` and ``species``.
    """

    species: pd.DataFrame
    kept: pd.DataFrame
    findings: tuple[Finding, ...]


def ready_species(rows: pd.DataFrame) -> SpeciesList:
    """Return the species of a list, each once and each answer understood.

    A species that several rows name is in the built-up area where one of them says so; a row that
    leaves open whether a plant is native or woody takes after one that says it. Birds and fish
    that no row has wild are left out.

    Raises
    ------
    ColumnError
        An answer is neither yes nor no, or rows contradict each other on whether one plant is
        native or woody.

    Examples
    --------
    >>> rows = pd.DataFrame(
    ...     {"group": "birds", "species": ["Pica", "pica", "Pavo"], "built_up": ["no", "yes", "yes"],
    ...      "wild": ["yes", "yes", "no"]})
    >>> ready = ready_species(rows)
    >>> ready.species[["species", "built_up"]].to_numpy().tolist(), ready.kept["species"].tolist()
    ([['Pica', True]], ['Pavo'])
    """
    told: list[Finding] = []
    answers = rows[["group", "species"]].assign(key=rows["species"].str.casefold())
    answers["built_up"] = _answers(rows["built_up"], told)
    plants = rows["group"] == "plants"
    for role in ("native", "woody"):
        if role in rows.columns:
            answers[role] = False
            words = _filled(rows.loc[plants, role], answers.loc[plants, "key"])
            answers.loc[plants, role] = _answers(words, told)
            _require_agreement(answers[plants], role)
    wild = pd.Series(data=True, index=rows.index)
    animals = rows["group"].isin(FAUNA)
    if "wild" in rows.columns:
        wild[animals] = _answers(rows.loc[animals, "wild"], told).to_numpy()
    elif animals.any():
        told.append(_all_wild(int(animals.sum())))
    species, joined = _once(answers[wild])
    kept, _ = _once(answers[~wild])
    known = set(zip(species["group"], species["key"], strict=True))
    here = [pair not in known for pair in zip(kept["group"], kept["key"], strict=True)]
    kept = kept.loc[here, ["group", "species"]].reset_index(drop=True)
    told += [*_joined(joined), *_left_out(rows.index[~wild], len(kept))]
    return SpeciesList(species.drop(columns="key"), kept, tuple(told))


def _filled(words: pd.Series, keys: pd.Series) -> pd.Series:
    """Return the words of each row, those of another row of its species where it has none."""
    said = words.mask(words.astype(str).str.lower().isin(BLANK))
    return said.fillna(said.groupby(keys).transform("first"))


def _answers(column: pd.Series, told: list[Finding]) -> pd.Series:
    answers, findings = yes_no(column, LAYER)
    told.extend(replace(item, indicators=CONCERNED[str(column.name)]) for item in findings)
    return pd.Series(answers, index=column.index)


def _require_agreement(plants: pd.DataFrame, role: str) -> None:
    apart = plants.groupby("key")[role].transform("nunique") > 1
    if not apart.any():
        return
    names = tuple(dict.fromkeys(plants.loc[apart, "species"]))
    raise ColumnError(
        f"物种名录中 {len(names)} 个物种的 {role} 前后不一：{'、'.join(names[:MOST_LISTED])}。",
        f"Rows of one species contradict each other on {role}: {', '.join(names[:MOST_LISTED])}.",
        remedy=Text(zh="请更正其中一行。", en="Correct one of the rows."),
        layer=LAYER,
        column=role,
        rows=plants.index[apart],
        found=names,
    )


def _once(answers: pd.DataFrame) -> tuple[pd.DataFrame, pd.Index]:
    """Return each species once, as it is first written, and the rows that name one again."""
    pairs = ["group", "key"]
    again = answers.duplicated(pairs)
    found = answers[~again].set_index(pairs)
    found["built_up"] = answers.groupby(pairs)["built_up"].any()
    return found.reset_index(), answers.index[again]


def _joined(rows: pd.Index) -> Iterable[Finding]:
    if len(rows):
        text = Text(
            zh=f"有 {len(rows)} 行的物种已列过（不计空格、全半角和大小写），每个物种只计一次。",
            en=f"Rows that name a species again (blanks, width and case apart): {len(rows)}. Each "
            "species counts once.",
        )
        yield _finding("species_again", text, rows, INDICATORS)


def _left_out(rows: pd.Index, kept: int) -> Iterable[Finding]:
    if len(rows):
        text = Text(
            zh=f"有 {len(rows)} 行鸟类、鱼类没有写明是野生的（写“否”或空白），未计入；其中 {kept} 种没有野生记录。",
            en=f"Rows of birds and fish that do not say to be wild (a no or a blank), left out: "
            f"{len(rows)}; species that no row has wild: {kept}.",
        )
        yield _finding("species_kept", text, rows, (INDEX,), "note")


def _all_wild(count: int) -> Finding:
    text = Text(
        zh=f"名录没有 wild（野生）列：{count} 行鸟类、鱼类都按野生计。饲养的不应计入。",
        en=f"The lists have no column wild: {count} rows of birds and fish were all taken as wild. "
        "Kept ones should not count.",
    )
    return Finding(
        code="species_all_wild",
        text=text,
        severity="warning",
        layer=LAYER,
        count=count,
        indicators=(INDEX,),
    )


def _finding(
    code: str,
    text: Text,
    rows: pd.Index,
    indicators: tuple[str, ...],
    severity: Severity = "warning",
) -> Finding:
    return Finding(
        code=code,
        text=text,
        severity=severity,
        layer=LAYER,
        rows=tuple(rows),
        count=len(rows),
        indicators=indicators,
    )
