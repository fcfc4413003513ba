"""Zonings: the schemes that cut a protected area into zones, shipped or one of the user's.

Question   Which zones does this scheme know, and what does it ask of them?
Enters     The name of a scheme, or a TOML file of the user's.
Leaves     A frozen ZoningScheme; every shipped name and number with its mark.
Elsewhere  Zones held against it: zoned_park. Shape of the files: read/definition_shape.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from importlib.resources import files
from os import PathLike
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Self
from unicodedata import category

from pydantic import Field, model_validator

from greenspace.errors import DefinitionError
from greenspace.model.definition import Mark  # noqa: TC001  pydantic asks for it when it runs
from greenspace.model.words import Text
from greenspace.model.zoning_scheme import ShareRule, ZoneKind, ZoningScheme, plain
from greenspace.read.definition_shape import Table, nearest, refusal, shape, spell_key
from greenspace.read.definition_tables import Words  # noqa: TC001  likewise
from greenspace.read.definitions import load_definition
from greenspace.read.files import require_file

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from importlib.resources.abc import Traversable

Filled = Annotated[str, Field(min_length=1)]
Share = Annotated[float, Field(ge=0, le=1)]


class KindTable(Table):
    """``[[level1]]``: one control area."""

    id: Filled
    name: Words
    names: list[Filled] = Field(default_factory=list)
    core: bool = False
    mark: Mark = "user"
    address: str = ""

    def kind(self, level: int, within: tuple[str, ...] = ()) -> ZoneKind:
        """Return it as the vocabulary's."""
        return ZoneKind(
            id=self.id,
            level=level,
            name=self.name.text(),
            names=tuple(self.names),
            core=self.core,
            within=within,
            mark=self.mark,
            address=self.address,
        )


class FunctionTable(KindTable):
    """``[[level2]]``: one function zone."""

    within: list[Filled] = Field(default_factory=list)


class ShareTable(Table):
    """``[[share]]``: the least or greatest part of the park that a zone may have."""

    zone: Filled
    at_least: Share | None = None
    at_most: Share | None = None
    mark: Mark = "user"
    address: str = ""
    note: Words | None = None

    @model_validator(mode="after")
    def _some(self) -> Self:
        if self.at_least is None and self.at_most is None:
            raise ValueError("at_least, at_most or both")
        if (0.0 if self.at_least is None else self.at_least) > (
            1.0 if self.at_most is None else self.at_most
        ):
            raise ValueError("at_least no greater than at_most")
        return self

    def rule(self) -> ShareRule:
        """Return it as the vocabulary's."""
        return ShareRule(
            zone=self.zone,
            at_least=self.at_least,
            at_most=self.at_most,
            mark=self.mark,
            address=self.address,
            note=None if self.note is None else self.note.text(),
        )


class ZoningTable(Table):
    """One file of definitions/zonings, or one of a user's."""

    id: Filled
    name: Words
    document: str = ""
    level1: Annotated[list[KindTable], Field(min_length=1)]
    level2: list[FunctionTable] = Field(default_factory=list)
    share: list[ShareTable] = Field(default_factory=list)

    @model_validator(mode="after")
    def _sound(self) -> Self:
        every = [*self.level1, *self.level2]
        words = Counter(
            word
            for row in every
            for word in {plain(w) for w in (row.id, row.name.zh, row.name.en, *row.names)}
        )
        twice = sorted(word for word, count in words.items() if count > 1)
        if twice:
            raise ValueError(
                f"each zone by names of its own, and {', '.join(twice)} is there twice"
            )
        if "" in words:
            raise ValueError("each zone by an id and a name in both languages")
        areas, ids = {row.id for row in self.level1}, {row.id for row in every}
        strange = [word for row in self.level2 for word in row.within if word not in areas]
        strange += [row.zone for row in self.share if row.zone not in ids]
        if strange:
            raise ValueError(f"ids of zones of this scheme, not {', '.join(strange)}")
        ruled = [row.zone for row in self.share]
        if len(ruled) > len(set(ruled)):
            raise ValueError("one [[share]] for each zone")
        return self

    def scheme(self) -> ZoningScheme:
        """Return the file as the vocabulary's ZoningScheme."""
        functions = (row.kind(2, tuple(row.within)) for row in self.level2)
        return ZoningScheme(
            id=self.id,
            name=self.name.text(),
            document=self.document,
            kinds=(*(row.kind(1) for row in self.level1), *functions),
            shares=tuple(row.rule() for row in self.share),
        )


def list_zonings() -> tuple[str, ...]:
    """Return the names of the schemes that the library knows."""
    return tuple(_shipped())


def read_zoning(scheme: object) -> ZoningScheme:
    """Return a zoning scheme.

    Parameters
    ----------
    scheme
        ``"GB-T-39736-2020"``, ``"LY-T-2933-2018"``, or the path of a ``.toml`` of one's own.

    Raises
    ------
    DefinitionError
        The scheme is unknown or badly formed, or a file of one's own gives itself another mark
        than ``user`` or the id of a scheme of the library.
    InputError
        The file is missing.

    Examples
    --------
    >>> [kind.name.zh for kind in read_zoning("GB-T-39736-2020").of_level(1)]
    ['核心保护区', '一般控制区']
    """
    if isinstance(scheme, PathLike) or str(scheme).lower().endswith(".toml"):
        path = require_file(Path(str(scheme)))
        return _own(path)
    known = _shipped()
    name = _spelt(str(scheme))
    if name in known:
        return known[name]
    near = nearest(name, known) or tuple(known)
    raise DefinitionError(
        f"没有分区方案 {scheme!r}。",
        f"There is no zoning scheme {scheme!r}.",
        remedy=Text(
            zh=f"可用：{'、'.join(near)}；或写自己的 .toml。",
            en=f"There is {', '.join(near)}; or name a .toml of your own.",
        ),
        expected=tuple(known),
        found=scheme,
    )


def _own(path: Path) -> ZoningScheme:
    """Return a scheme of the user's: of no name that the library knows, and all of it `user`."""
    file = str(path)
    content = load_definition(path, file)
    _refuse_controls(content, file)
    table = shape(ZoningTable, content, file)
    if plain(_spelt(table.id)) in {plain(name) for name in _shipped()}:
        words = Text(
            zh="这是库中已有方案的 id，自己的方案请另取。",
            en="A scheme of the library has this id: give yours another.",
        )
        raise refusal(file, "id", words, expected="an id of one's own", found=table.id)
    parts: dict[str, Sequence[KindTable | ShareTable]] = {
        "level1": table.level1,
        "level2": table.level2,
        "share": table.share,
    }
    for name, rows in parts.items():
        for place, row in enumerate(rows):
            if row.mark != "user":
                words = Text(
                    zh=f"自己文件中的内容只能标 user，不能标 {row.mark}。",
                    en=f"What your own file says is marked user, not {row.mark}.",
                )
                key = spell_key((name, place, "mark"))
                raise refusal(file, key, words, expected="user", found=row.mark)
    return table.scheme()


def _spelt(name: str) -> str:
    return re.sub(r"[\s/]+", "-", name.strip())  # as standards are printed: GB/T 39736-2020


def _refuse_controls(value: object, file: str, at: tuple[str | int, ...] = ()) -> None:
    """Refuse words with characters that steer a terminal, which no name or note needs."""
    if isinstance(value, dict):
        for key, inner in value.items():
            _refuse_controls(inner, file, (*at, key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            _refuse_controls(inner, file, (*at, place))
    elif isinstance(value, str) and any(category(sign) in {"Cc", "Cf"} for sign in value):
        words = Text(zh="文字中有控制字符。", en="There are control characters in these words.")
        raise refusal(file, spell_key(at), words, expected="plain words", found=value)


@cache
def _shipped() -> Mapping[str, ZoningScheme]:
    folder = files("greenspace") / "definitions" / "zonings"
    every = sorted(folder.iterdir(), key=lambda file: file.name)
    found = [_shipped_scheme(file) for file in every]
    return MappingProxyType({scheme.id: scheme for scheme in found})


def _shipped_scheme(file: Traversable) -> ZoningScheme:
    return shape(ZoningTable, load_definition(file, file.name), file.name).scheme()
