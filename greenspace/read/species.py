"""Species: lists of plants, birds and fish, as somebody has counted them.

Question   Which species of which group does this list name, and what does it say of each?
Enters     A table of one row a species, as a file or a frame.
Leaves     Rows of group, species and the words of the other columns, or a refusal with its rows.
Elsewhere  Yes and no, species named twice: prepare/species. The indices: measure/species.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from unicodedata import category, normalize

import pandas as pd

from greenspace.errors import ColumnError, InputError
from greenspace.model.species import GROUPS, INDICATORS
from greenspace.model.words import Text
from greenspace.read.csv_columns import plain
from greenspace.read.csv_table import read_text_table, require_text_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from greenspace.model.source import Finding

NAMES: dict[str, set[str]] = {
    "group": {"group", "kind", "类", "类别", "类群", "类型"},
    "species": {"species", "name", "scientificname", "物种", "种名", "名称", "物种名称", "学名"},
    "built_up": {"builtup", "inbuiltup", "建成区", "建成区内", "是否建成区"},
    "native": {"native", "本地", "乡土", "本地种", "乡土种", "是否本地", "本土"},
    "woody": {"woody", "木本", "木本植物", "是否木本"},
    "wild": {"wild", "野生", "是否野生"},
}
NEEDED = ("group", "species", "built_up")
GROUP_WORDS = {
    **dict.fromkeys(("plants", "plant", "flora", "植物", "植物类"), "plants"),
    **dict.fromkeys(("birds", "bird", "鸟", "鸟类"), "birds"),
    **dict.fromkeys(("fish", "fishes", "鱼", "鱼类"), "fish"),
}
NAME_COLUMNS = Text(
    zh='请写明字段：columns = { group = "类群", species = "物种", built_up = "建成区" }。',
    en='Name them: columns = { group = "…", species = "…", built_up = "…" }.',
)
MOST_LISTED = 5


def read_species(
    path: Path | str, columns: Mapping[str, str], *, encoding: str | None = None
) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """Read lists of species from a file of text.

    Raises
    ------
    InputError
        The file is no table of text, or has no rows.
    ColumnError
        A column is not there or not plain, a group is unknown, or a species has no name.
    EncodingError
        The text cannot be decoded.
    """
    file = require_text_table(
        path,
        Text(zh="物种名录应为文本表格。", en="Lists of species are read from a table of text."),
    )
    table = read_text_table(file, encoding)
    rows = species_of(table.rows, columns, file=file, doubled=table.doubled)
    told = (replace(item, layer="species", indicators=INDICATORS) for item in table.findings)
    return rows, tuple(told)


def species_of(
    table: pd.DataFrame,
    columns: Mapping[str, str],
    *,
    file: Path | None = None,
    doubled: Sequence[str] = (),
) -> pd.DataFrame:
    """Return lists of species with columns by role, the group understood, the names tidy.

    Raises
    ------
    InputError, ColumnError
        As `read_species`.
    """
    roles = _roles(table, columns, file, doubled)
    words = {role: table[name].map(_tidy) for role, name in roles.items()}
    written = pd.DataFrame(words, index=table.index)
    written = written[(written != "").any(axis=1)]
    if written.empty:
        raise InputError(
            "物种名录没有行。",
            "The lists of species have no rows.",
            remedy=Text(zh="每个物种一行。", en="One row a species."),
            file=file,
            layer="species",
        )
    unnamed = written.index[written["species"] == ""]
    if len(unnamed):
        raise _unfit(
            Text(zh="没有物种名", en="have no name of a species"), roles["species"], unnamed, file
        )
    groups = written["group"].str.casefold().map(GROUP_WORDS)
    unknown = written.index[groups.isna()]
    if len(unknown):
        listed = ", ".join(dict.fromkeys(written.loc[unknown, "group"].head(MOST_LISTED)))
        text = Text(zh=f"的类群不认识（{listed}）", en=f"are of an unknown group ({listed})")
        found = tuple(dict.fromkeys(written.loc[unknown, "group"]))
        raise _unfit(text, roles["group"], unknown, file, expected=GROUPS, found=found)
    return written.assign(group=groups)


def _roles(
    table: pd.DataFrame, columns: Mapping[str, str], file: Path | None, doubled: Sequence[str]
) -> dict[str, str]:
    unknown = [role for role in columns if role not in NAMES]
    if unknown:
        raise ColumnError(
            f"columns 中没有 {unknown[0]} 这个角色，可用：{'、'.join(NAMES)}。",
            f"There is no role {unknown[0]} in columns; there are {', '.join(NAMES)}.",
            remedy=NAME_COLUMNS,
            expected=tuple(NAMES),
            found=unknown[0],
        )
    names = [str(name) for name in table.columns]
    roles = {}
    for role, known in NAMES.items():
        asked = columns.get(role)
        found = [name for name in names if (name == asked if asked else plain(name) in known)]
        if not found and not asked and role not in NEEDED:
            continue
        if len(found) != 1 or found[0] in doubled:
            zh = f"{role} 对应不止一列" if found else f"没有 {role} 列"
            en = f"several columns could be {role}" if found else f"no column is {role}"
            raise ColumnError(
                f"物种名录：{zh}。",
                f"Lists of species: {en}.",
                remedy=NAME_COLUMNS,
                file=file,
                layer="species",
                column=asked or role,
                expected=role,
                found=tuple(found or names),
            )
        roles[role] = found[0]
    return roles


def _tidy(value: object) -> str:
    """Return the words of a cell: usual width, one blank between words, no marks unseen."""
    if value is None or value is pd.NA or value != value:  # noqa: PLR0124 - NaN
        return ""
    text = normalize("NFKC", str(value))
    return " ".join("".join(sign for sign in text if category(sign) != "Cf").split())


def _unfit(
    what: Text,
    column: str,
    rows: pd.Index,
    file: Path | None,
    *,
    expected: object = "a name",
    found: object = None,
) -> ColumnError:
    return ColumnError(
        f"物种名录有 {len(rows)} 行{what.zh}。",
        f"Rows of the lists of species that {what.en}: {len(rows)}.",
        remedy=Text(
            zh="类群写 plants/birds/fish（植物、鸟类、鱼类），并写明物种名。",
            en="A group is plants, birds or fish (植物, 鸟类, 鱼类), and each row names a species.",
        ),
        file=file,
        layer="species",
        column=column,
        rows=rows,
        expected=expected,
        found=found,
    )
