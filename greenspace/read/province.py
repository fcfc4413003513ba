"""Province: a list of cities, read from province.toml, from a folder or from paths.

Question   Which cities are there, and where do the results of each go?
Enters     The path of a province.toml, a folder with manifests below it, or manifests.
Leaves     One Entry a city; one refusal where two share an id or one is no name of a folder.
Elsewhere  What a manifest says: read/manifest. Checking them all: province.
"""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from greenspace.errors import InputError, ManifestError
from greenspace.model.province import LEAGUE, Entry
from greenspace.model.words import Text
from greenspace.read.files import require_file
from greenspace.read.keys import refusal_of, unknown_name, wrong_value
from greenspace.read.results import RUN, is_folder, is_plain
from greenspace.read.toml_file import backslash, backslash_line, read_toml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

MANIFEST, LIST = "city.toml", "province.toml"
KEYS = ("manifest", "id")
CONTROL = re.compile(r"[\x00-\x1f]")
FORBIDDEN = set('<>:"/\\|?*')
RESERVED = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE
)
MOST_BYTES = 200  # of a name; what is written passes through a folder with a longer one
ELSEWHERE = (  # what it is, and how it is said
    (re.compile(r"://"), "不读取网址。", "addresses are not read."),
    (re.compile(r"^~"), "不识别 ~。", "a home is not looked up."),
    (re.compile(r"[*?]"), "不识别通配符。", "wildcards are not read."),
    *(
        ()
        if os.name == "nt"
        else (
            (re.compile(r"^[A-Za-z]:[/\\]"), "这是 Windows 的路径。", "this is a path of Windows."),
        )
    ),
)
GIVE_IDS = Text(
    zh='请在 province.toml 中给每座城市写上不同的 id = "…"。',
    en='Give each city an id = "…" of its own in a province.toml.',
)
AN_ID = Text(
    zh="一个可作文件夹名的词（不含 / \\ : * ? 等，不以 . 开头或结尾，不是 league）",
    en="a word that may name a folder (no / \\ : * ? and the like, no . at either end, not league)",
)


class _City(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    manifest: Annotated[str, Field(min_length=1)]
    id: str | None = None


class _Province(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    city: list[_City] = []


def read_province(province: Path | str | Sequence[Path | str]) -> tuple[Entry, ...]:
    """Return the cities of a list, in its order; those of a folder by their paths.

    Parameters
    ----------
    province
        A ``province.toml``, whose paths are relative to it; a folder, with every ``city.toml``
        below it but what `manifests_below` passes over; or manifests.

    Raises
    ------
    ManifestError
        The list is no TOML, a key is unknown, it names no city, an id may not name a folder, or
        two cities have ids that are one name of a folder.
    InputError
        The list is not there, or no manifest lies below the folder.
    """
    if not isinstance(province, str | Path):
        _require_paths(province)
        entries = [_entry(str(named), _inside(Path(named)), None, None) for named in province]
        return _told_apart(entries, None)
    path = require_file(province).absolute()
    if path.is_dir():
        return _told_apart(list(_below(path)), path)
    return _told_apart(list(_listed(path)), path)


def _require_paths(named: object) -> None:
    """Refuse what is no list of paths."""
    if isinstance(named, list | tuple) and all(isinstance(each, str | Path) for each in named):
        return
    raise InputError(
        "城市应为 province.toml、文件夹或清单路径的列表。",
        "Cities are a province.toml, a folder, or a list of paths of manifests.",
        remedy=Text(zh='例如 ["a/city.toml", "b/city.toml"]。', en='Such as ["a/city.toml"].'),
        expected="paths",
        found=type(named).__name__,
    )


def _below(folder: Path) -> Iterable[Entry]:
    if (folder / LIST).is_file():
        raise InputError(
            f"文件夹中有 {LIST}。",
            f"The folder holds a {LIST}.",
            remedy=Text(zh=f"请写 {folder / LIST}。", en=f"Name {folder / LIST}."),
            file=folder,
        )
    for path in manifests_below(folder)[0]:
        yield _entry(path.relative_to(folder).as_posix(), path, None, folder)


def manifests_below(folder: Path) -> tuple[list[Path], list[Path]]:
    """Return the manifests below a folder, and what was passed over, both in order.

    Passed over are hidden folders, folders that this library wrote (results, repaired copies) and
    what is called like a manifest and is no plain file. Links to folders are followed, once.
    """
    found: list[Path] = []
    passed: list[Path] = []
    seen: set[Path] = set()
    for name, folders, files in os.walk(folder, followlinks=True):
        here = Path(name)
        if here.resolve() in seen:
            folders.clear()
            continue
        seen.add(here.resolve())
        if here != folder and (here.name.startswith(".") or (here / RUN).is_file()):
            folders.clear()
            passed += [here] if any(_manifests(here.rglob("*"))) else []
            continue
        for path in _manifests(here / file for file in files):
            (found if path.is_file() else passed).append(path)
    return sorted(found), sorted(passed)


def _manifests(paths: Iterable[Path]) -> Iterator[Path]:
    return (path for path in paths if path.name.lower() == MANIFEST)


def _listed(path: Path) -> Iterable[Entry]:
    for number, city in enumerate(_tables(path)):
        if CONTROL.search(city.manifest):
            raise backslash(backslash_line(path, "manifest"), path)
        _require_local(city.manifest, path)
        manifest = path.parent / city.manifest
        if not is_plain(manifest) and not is_folder(manifest):
            manifest = path.parent / city.manifest.replace("\\", "/")
        if city.id is not None and not is_folder_name(city.id):
            raise wrong_value(f"city[{number + 1}].id", AN_ID, city.id, path)
        yield _entry(city.manifest, _inside(manifest), city.id, path)


def _require_local(named: str, path: Path) -> None:
    """Refuse what names no file of this system, which would be taken for a folder's name."""
    for sign, zh, en in ELSEWHERE:
        if sign.search(named) and not (path.parent / named).exists():
            raise ManifestError(
                f"manifest = {named!r}：{zh}",
                f"manifest = {named!r}: {en}",
                remedy=Text(
                    zh='请写相对于此文件的路径，如 "qinghe/city.toml"。',
                    en='Write a path from this file, such as "qinghe/city.toml".',
                ),
                file=path,
                expected="a path on this machine",
                found=named,
            )


def _inside(manifest: Path) -> Path:
    return manifest / MANIFEST if is_folder(manifest) else manifest


def _tables(path: Path) -> list[_City]:
    data = read_toml(path)
    for key in data:
        if key != "city":
            raise unknown_name(key, key, ("city",), path)
    cities: Any = data.get("city", [])
    for number, table in enumerate(cities if isinstance(cities, list) else ()):
        for key in table if isinstance(table, dict) else ():
            if key not in KEYS:
                raise unknown_name(f"city[{number + 1}].{key}", key, KEYS, path)
    try:
        return _Province.model_validate(data).city
    except ValidationError as error:
        raise refusal_of(error, path) from None


def _entry(named: str, manifest: Path, name: str | None, source: Path | None) -> Entry:
    manifest = manifest.absolute()
    own = manifest.parent.name
    if own in {"", ".."}:
        own = manifest.resolve().parent.name
    if name is None and not is_folder_name(own):
        raise ManifestError(
            f"文件夹名“{own}”不能作为城市的 id。",
            f'The folder\'s name "{own}" cannot be the id of a city.',
            remedy=GIVE_IDS,
            file=source or manifest,
            rows=(named,),
            expected=AN_ID.en,
            found=own,
        )
    return Entry(id=own if name is None else name, named=named, manifest=manifest)


def is_folder_name(name: str) -> bool:
    """Return whether a name can be a folder's, on every system, beside that of the league.

    Examples
    --------
    >>> [is_folder_name(name) for name in ("清河", "..", "a/b", "CON", "League", "x.")]
    [True, False, False, False, False, False]
    """
    return (
        bool(name)
        and name.isprintable()
        and not FORBIDDEN & set(name)
        and name == name.strip(" ")
        and not name.startswith(".")
        and not name.endswith(".")
        and RESERVED.fullmatch(name) is None
        and _as_folder(name) != LEAGUE
        and len(name.encode()) <= MOST_BYTES
    )


def _as_folder(name: str) -> str:
    """Return a name as a file system may see it, whatever its case and its Unicode form."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _require_once(entries: list[Entry], source: Path | None) -> None:
    """Refuse a city that is listed twice: it would be counted twice."""
    seen: dict[Path, Entry] = {}
    for entry in entries:
        other = seen.setdefault(entry.manifest.resolve(), entry)
        if other is not entry:
            raise ManifestError(
                f"同一份清单列了两次：{other.id}（{other.named}）与 {entry.id}（{entry.named}）。",
                f"One manifest is listed twice: {other.id} ({other.named}) and {entry.id} "
                f"({entry.named}).",
                remedy=Text(zh="请删去其中一处。", en="Delete one of them."),
                file=source,
                rows=(other.named, entry.named),
                found=entry.named,
            )


def _told_apart(entries: list[Entry], source: Path | None) -> tuple[Entry, ...]:
    """Return cities where there are any, each with an id of its own."""
    if not entries:
        raise ManifestError(
            "没有列出任何城市。",
            "No city is listed.",
            remedy=Text(
                zh='请写 [[city]] 表，如 manifest = "qinghe/city.toml"，或把各城市的 city.toml 放在文件夹下。',
                en='Write [[city]] tables with manifest = "qinghe/city.toml", or put each '
                "city.toml below the folder.",
            ),
            file=source,
            expected="[[city]]",
        )
    _require_once(entries, source)
    seen: dict[str, Entry] = {}
    for entry in entries:
        other = seen.setdefault(_as_folder(entry.id), entry)
        if other is entry:
            continue
        raise ManifestError(
            f"两座城市的 id 是同一个文件夹名：{other.id}（{other.named}）与 {entry.id}（{entry.named}）。",
            f"Two cities have one id: {other.id} ({other.named}) and {entry.id} ({entry.named}).",
            remedy=GIVE_IDS,
            file=source,
            rows=(other.named, entry.named),
            found=entry.id,
        )
    return tuple(entries)
