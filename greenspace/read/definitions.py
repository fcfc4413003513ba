"""Definitions: published yardsticks, indicator cards and class tables, from TOML.

Question   What does this standard say, as printed, and where was it read?
Enters     The files of greenspace/definitions, or a user's own.
Leaves     Frozen model values.
Elsewhere  The keys of the files: read/definition_tables. Judging: evaluate/.
"""

from __future__ import annotations

import tomllib
from dataclasses import replace
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from re import search
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar
from unicodedata import normalize

from greenspace.errors import DefinitionError
from greenspace.model.definition import Profile
from greenspace.model.source import Source
from greenspace.model.words import Text
from greenspace.read.definition_overlay import as_own, laid_over
from greenspace.read.definition_parameters import require_applied
from greenspace.read.definition_rules import (
    require_own_numbers,
    require_sound,
    require_written,
)
from greenspace.read.definition_shape import Table, nearest, refusal, shape
from greenspace.read.definition_tables import (
    AddressesTable,
    ClassesTable,
    IndicatorTable,
    OverlayTable,
    ProfileTable,
)
from greenspace.read.files import name_from, sha256_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from importlib.resources.abc import Traversable

    from greenspace.model.classes import ClassTable
    from greenspace.model.definition import Indicator

SomeTable = TypeVar("SomeTable", bound=Table)


@lru_cache(maxsize=1)
def read_indicators() -> Mapping[str, Indicator]:
    """Return every indicator card of the library by its id.

    Examples
    --------
    >>> read_indicators()["green_coverage"].unit
    '1'
    """
    files = (_read(IndicatorTable, file).indicators() for file in _shipped("indicators"))
    return MappingProxyType({card.id: card for cards in files for card in cards})


@lru_cache(maxsize=1)
def list_profiles() -> tuple[Profile, ...]:
    """Return the profiles of the library, sorted by id.

    Examples
    --------
    >>> "GB55014-2021" in [profile.id for profile in list_profiles()]
    True
    """
    found = []
    for file in _shipped("profiles"):
        table = _read(ProfileTable, file)
        require_written(table.criterion, read_indicators(), file.name)
        found.append(require_sound(_whole(table), read_indicators(), file.name))
    return tuple(found)


def read_profile(id_or_path: str | Path) -> Profile:
    """Return a profile of the library by id, or a user's own by path.

    Parameters
    ----------
    id_or_path
        ``"CN-2010"``, or the path of a TOML file: a whole profile, or one that says
        ``extends = "CN-2022"`` and enters numbers from the office's own copy. Every number of
        such a file is marked ``user`` and names a document and its page or clause.

    Raises
    ------
    DefinitionError
        The id is unknown (names the nearest), or the file is badly formed (names file, key,
        what was expected and what was found).

    Examples
    --------
    >>> read_profile("CN-2005").levels
    ('basic',)
    """
    if isinstance(id_or_path, Path) or own_file(id_or_path) is not None:
        return _read_own(Path(id_or_path))
    known = {profile.id: profile for profile in list_profiles()}
    if id_or_path not in known:
        raise _unknown_profile(id_or_path, known)
    return known[id_or_path]


def split_standard(standard: str) -> tuple[str, str]:
    """Split ``"CN-2010:higher"`` into the profile and the level; no level means the default.

    Raises
    ------
    DefinitionError
        The profile is unknown, it does not know the level, or none is named and it has no
        default.

    Examples
    --------
    >>> split_standard("CN-2010:higher"), split_standard("CN-2010")
    (('CN-2010', 'higher'), ('CN-2010', 'basic'))
    """
    name, colon, level = standard.rpartition(":")
    if not colon or any(sign in level for sign in "/\\."):
        return standard, _default_level(read_profile(standard))
    profile = read_profile(name)
    if level not in profile.levels:
        near = nearest(level, profile.levels) or profile.levels
        raise DefinitionError(
            f"{profile.id} 没有“{level}”这一级。",
            f"{profile.id} has no level '{level}'.",
            remedy=Text(
                zh=f"可选：{'、'.join(profile.levels)}。",
                en=f"It has: {', '.join(profile.levels)}.",
            ),
            expected=near,
            found=level,
        )
    return name, level


def _default_level(profile: Profile) -> str:
    if not profile.name_a_level:
        return profile.levels[0]
    names = [f"{profile.id}:{level}" for level in profile.levels]
    raise DefinitionError(
        f"{profile.id} 没有默认级别。",
        f"{profile.id} has no default level.",
        remedy=Text(zh=f"请写明其一：{'、'.join(names)}。", en=f"Name one: {', '.join(names)}."),
        expected=profile.levels,
    )


@lru_cache(maxsize=4)
def read_classes(edition: str) -> ClassTable:
    """Return the class codes of one edition of CJJ/T 85.

    Parameters
    ----------
    edition
        ``"2002"`` or ``"2017"``; the same code means different things in the two.

    Raises
    ------
    DefinitionError
        The edition is unknown.

    Examples
    --------
    >>> read_classes("2002").role("G2"), read_classes("2017").role("EG4")
    ('green', 'none')
    """
    codes = (file for file in _shipped("classes") if file.name.startswith("cjjt85-"))
    tables = [_read(ClassesTable, file).class_table() for file in codes]
    found = {table.edition: table for table in tables}
    if edition not in found:
        editions = tuple(found)
        raise DefinitionError(
            f"没有 CJJ/T 85 的“{edition}”版。",
            f"There is no edition '{edition}' of CJJ/T 85.",
            remedy=Text(
                zh=f"请写明 edition：{'、'.join(editions)}。",
                en=f"Name one of {', '.join(editions)}.",
            ),
            expected=editions,
            found=edition,
        )
    other = next(name for name in found if name != edition)
    return replace(found[edition], other_edition=other, elsewhere=frozenset(found[other].entries))


@lru_cache(maxsize=1)
def read_addresses() -> Mapping[str, str]:
    """Return where the ``[n]`` of the citations was read.

    Examples
    --------
    >>> "25" in read_addresses()
    True
    """
    file = _definitions() / "addresses.toml"
    return MappingProxyType(_read(AddressesTable, file).addresses)


def _definitions() -> Traversable:
    return files("greenspace") / "definitions"


def _shipped(folder: str) -> list[Traversable]:
    found = (_definitions() / folder).iterdir()
    return sorted((file for file in found if file.name.endswith(".toml")), key=lambda f: f.name)


def read_table(kind: type[SomeTable], folder: str, name: str) -> SomeTable:
    """Return one definition file of the library, held against its shape.

    Raises
    ------
    DefinitionError
        It is badly formed; names file and key.
    """
    return _read(kind, _definitions() / folder / name)


def own_file(name: str) -> Path | None:
    """Return the file of a standard of one's own; ``None`` for one of the library.

    Examples
    --------
    >>> own_file("our.toml"), own_file("CN-2022")
    (...Path('our.toml'), None)
    """
    return Path(name) if name.endswith(".toml") or "/" in name or "\\" in name else None


def own_source(name: str, folder: Path) -> tuple[Source, ...]:
    """Return a standard of one's own as an input beside the city's, with its checksum."""
    path = own_file(name)
    if path is None:
        return ()
    return (Source(role="standard", name=name_from(path, folder), sha256=sha256_of(path)),)


def _read(kind: type[SomeTable], file: Traversable) -> SomeTable:
    return shape(kind, load_definition(file, file.name), file.name)


def load_definition(file: Traversable, shown: str) -> dict[str, Any]:
    """Return what a definition file holds.

    Raises
    ------
    DefinitionError
        It cannot be read, is not UTF-8, or is not TOML.
    """
    if isinstance(file, Path) and file.exists() and not file.is_file():
        raise DefinitionError(
            "定义文件不是普通文件。",
            "The definition file is no plain file.",
            file=shown,
            expected="a TOML file",
            found="a folder, a pipe or a device",
        )
    try:
        return tomllib.loads(file.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise DefinitionError(
            "读不到定义文件。",
            "The definition file cannot be read.",
            file=shown,
            expected="a TOML file",
            found=error.strerror,
        ) from None
    except UnicodeDecodeError as error:
        raise DefinitionError(
            "定义文件不是 UTF-8 编码。",
            "The definition file is not UTF-8.",
            file=shown,
            expected="utf-8",
            found=error.reason,
            remedy=Text(zh="请另存为 UTF-8。", en="Save it as UTF-8."),
        ) from None
    except tomllib.TOMLDecodeError as error:
        place = search(r"line (\d+), column (\d+)", str(error))
        where = "" if place is None else f"，错在第 {place[1]} 行第 {place[2]} 列"
        raise DefinitionError(
            f"定义文件不是合法的 TOML{where}。",
            f"The definition file is not TOML: {error}.",
            file=shown,
            expected="TOML",
            found=str(error),
            remedy=Text(
                zh="路径请用正斜杠或单引号。",
                en="Write paths with forward slashes or single quotes.",
            ),
        ) from None


def _unknown_profile(name: str, known: Mapping[str, Profile]) -> DefinitionError:
    near = nearest(name, known) or tuple(known)
    return DefinitionError(
        f"没有名为“{name}”的标准。",
        f"There is no standard '{name}'.",
        remedy=Text(
            zh=f"最接近的是：{'、'.join(near)}；自己的标准请给出 .toml 文件路径。",
            en=f"The nearest are {', '.join(near)}; for one of your own, give the path of a .toml file.",
        ),
        expected=near,
        found=name,
    )


def _read_own(path: Path) -> Profile:
    content, shown = load_definition(path, str(path)), str(path)
    if "extends" not in content:
        table = shape(ProfileTable, content, shown)
        require_written(table.criterion, read_indicators(), shown)
        require_applied(table.criterion, list_profiles(), shown)
        require_own_numbers(table.criterion, shown)
        profile = _whole(table, own=True)
    else:
        overlay = shape(OverlayTable, content, shown)
        known = {profile.id: profile for profile in list_profiles()}
        if overlay.extends not in known:
            raise _unknown_base(overlay.extends, known, shown)
        require_written(overlay.criterion, read_indicators(), shown)
        require_applied(overlay.criterion, list_profiles(), shown)
        require_own_numbers(overlay.criterion, shown)
        profile = laid_over(known[overlay.extends], overlay, name=path.stem, file=shown)
    shipped_ids = {_plain(shipped.id) for shipped in list_profiles()}
    if not profile.id.isprintable() or profile.id.strip() != profile.id or not profile.id:
        words = Text(zh="标识含有不可用的字符。", en="The id holds characters that no id has.")
        raise refusal(shown, "id", words, expected="A-Z 0-9 - _", found=profile.id)
    if _plain(profile.id) in shipped_ids:
        words = Text(
            zh=f"标识 {profile.id} 已属于库内标准。",
            en=f"The id {profile.id} is one of the library's.",
        )
        raise refusal(shown, "id", words, expected="an id of your own", found=profile.id)
    return require_sound(profile, read_indicators(), shown)


def _plain(name: str) -> str:
    return normalize("NFKC", name).strip().casefold()


def _unknown_base(name: str, known: Mapping[str, Profile], file: str) -> DefinitionError:
    base, colon, _ = name.partition(":")
    if not colon or base not in known:
        error = _unknown_profile(name, known)
        return refusal(
            file,
            "extends",
            error.problem,
            expected=error.expected,
            found=name,
            remedy=error.remedy,
        )
    words = Text(
        zh="extends 只写标准，不写级别；级别写在每一行。",
        en="extends names a standard without a level: each row says its own.",
    )
    remedy = Text(zh=f'请写 extends = "{base}"。', en=f'Write extends = "{base}".')
    return refusal(file, "extends", words, expected=base, found=name, remedy=remedy)


def _whole(table: ProfileTable, *, own: bool = False) -> Profile:
    rows = [row.criterion(table.document) for row in table.criterion]
    if own:
        rows = [as_own(row, given) for row, given in zip(rows, table.criterion, strict=True)]
    return Profile(
        id=table.id,
        title=table.title.text(),
        document=table.document,
        levels=tuple(table.levels),
        level_names=MappingProxyType({k: v.text() for k, v in table.level_names.items()}),
        criteria=tuple(rows),
        in_force_from=table.in_force_from,
        superseded_by=table.superseded_by,
        dates_note=None if table.dates_note is None else table.dates_note.text(),
        note=None if table.note is None else table.note.text(),
        name_a_level=table.name_a_level,
    )
