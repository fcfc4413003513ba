"""Land cover tables: what the codes of a class raster stand for, from TOML or in words.

Question   What does code 10 of this raster mean?
Enters     A known name, a file of the user's, or codes with words.
Leaves     A frozen CoverTable; every shipped code with its mark and sources.
Elsewhere  From codes to green: prepare/land_cover. Opening the raster: read/raster.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from os import PathLike
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from greenspace.errors import DefinitionError
from greenspace.model.land_cover import COVERS, CodeGroup, Cover, CoverTable
from greenspace.model.sensor import Fact
from greenspace.model.words import Text
from greenspace.read.definition_shape import Table, nearest, shape
from greenspace.read.definition_tables import Words  # noqa: TC001  pydantic asks for it when it runs
from greenspace.read.definitions import load_definition
from greenspace.read.files import require_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable

Filled = Annotated[str, Field(min_length=1)]
SAY_COVERS = Text(
    zh=f"可写：{'、'.join(COVERS)}。green 是未分层的植被，none 是非植被，unseen 是云、影和无数据。",
    en=f"There are {', '.join(COVERS)}: green is vegetation of no told layer, none is no "
    "vegetation, unseen is cloud, shadow and no data.",
)

SAY_TABLE = Text(
    zh='每类写一节：[[codes]]，其下 values = [10] 和 cover = "tree"。',
    en='Write a section for each class: [[codes]], and below it values = [10] and cover = "tree".',
)


class CodesTable(Table):
    """``[[codes]]``: codes that stand for one thing."""

    values: Annotated[list[int], Field(min_length=1)]
    cover: Cover
    name: Words | None = None
    mark: Literal["verified", "weak", "provisional", "user"] = "user"
    sources: list[Filled] = Field(default_factory=list)

    def group(self) -> Fact[CodeGroup]:
        """Return the codes as the vocabulary's."""
        name = None if self.name is None else self.name.text()
        value = CodeGroup(values=tuple(self.values), cover=self.cover, name=name)
        return Fact(value=value, mark=self.mark, sources=tuple(self.sources))


class LandCoverTable(Table):
    """One file of definitions/land_cover, or one of a user's."""

    id: Filled | None = None
    name: Words | None = None
    band: Filled = "class"
    codes: Annotated[list[CodesTable], Field(min_length=1)]

    @model_validator(mode="after")
    def _once(self) -> Self:
        counts = Counter(value for group in self.codes for value in group.values)
        twice = [str(value) for value, count in counts.items() if count > 1]
        if twice:
            raise ValueError(f"each code once, and {', '.join(twice)} is there twice")
        return self

    def table(self, name: str) -> CoverTable:
        """Return the file as the vocabulary's CoverTable."""
        return CoverTable(
            id=self.id or name,
            name=None if self.name is None else self.name.text(),
            band=self.band.lower(),
            groups=tuple(group.group() for group in self.codes),
        )


def list_land_covers() -> tuple[str, ...]:
    """Return the names of the tables that the library knows."""
    return tuple(_shipped())


def read_land_cover(classes: object) -> CoverTable:
    """Return what the codes of a class raster stand for.

    Parameters
    ----------
    classes
        ``"esa-worldcover"``, ``"dynamic-world"``, a path ending in ``.toml``, or a mapping from
        code to cover such as ``{1: "tree", 2: "none", 9: "unseen"}``.

    Raises
    ------
    DefinitionError
        The table is unknown or badly formed, or a cover is none of those there are.
    InputError
        The file is missing.

    Examples
    --------
    >>> read_land_cover("dynamic-world").covers[1]
    'tree'
    >>> read_land_cover({7: "herb", 0: "none"}).covers
    {0: 'none', 7: 'herb'}
    """
    if isinstance(classes, Mapping):
        return _in_words(classes)
    if isinstance(classes, PathLike) or str(classes).lower().endswith(".toml"):
        path = require_file(Path(str(classes)))
        return _load(path, str(path)).table(path.name)
    known = _shipped()
    if isinstance(classes, str) and classes in known:
        return known[classes]
    near = nearest(str(classes), known)
    listed = "、".join(near or known), ", ".join(near or known)
    raise DefinitionError(
        f"没有地类表 {classes!r}。",
        f"There is no land cover table {classes!r}.",
        remedy=Text(
            zh=f'可用：{listed[0]}；或写自己的 .toml，或 {{1: "tree", 2: "none"}}。',
            en=f'There is {listed[1]}; or name a .toml of your own, or {{1: "tree", 2: "none"}}.',
        ),
        expected=tuple(known),
        found=classes,
    )


def _in_words(classes: Mapping[Any, Any]) -> CoverTable:
    whole = all(isinstance(code, int) and not isinstance(code, bool) for code in classes)
    strange = [word for word in classes.values() if not isinstance(word, str) or word not in COVERS]
    if not classes or not whole or strange:
        raise DefinitionError(
            f"classes 应为整数编码到地类的对应，而不是 {dict(classes)!r}。",
            f"classes should give a cover for each whole number, not {dict(classes)!r}.",
            remedy=SAY_COVERS,
            expected=COVERS,
            found=strange[0] if strange else dict(classes),
        )
    return CoverTable(id="classes", groups=tuple(_groups(classes)))


def _groups(classes: Mapping[int, Cover]) -> Iterator[Fact[CodeGroup]]:
    for cover in COVERS:
        values = tuple(code for code, word in classes.items() if word == cover)
        if values:
            yield Fact(value=CodeGroup(values=values, cover=cover), mark="user", sources=())


def _load(file: Traversable, shown: str) -> LandCoverTable:
    try:
        return shape(LandCoverTable, load_definition(file, shown), shown)
    except DefinitionError as error:
        raise DefinitionError(
            error.problem.zh,
            error.problem.en,
            remedy=error.remedy or SAY_TABLE,
            file=error.file,
            column=error.column,
            rows=error.rows,
            expected=error.expected,
            found=error.found,
        ) from error


@cache
def _shipped() -> Mapping[str, CoverTable]:
    folder = files("greenspace") / "definitions" / "land_cover"
    every = sorted(folder.iterdir(), key=lambda file: file.name)
    tables = [_load(file, file.name).table(file.name) for file in every]
    return MappingProxyType({table.id: table for table in tables})
