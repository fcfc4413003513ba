"""Doctor: what this installation can do, what it lacks, and for which feature.

Question   Why does this command not work on this machine, and what must be installed?
Enters     The encoding of the console; the packages, drivers and fonts that are here.
Leaves     One line for each of them: fine, missing though needed, or missing for one feature.
Elsewhere  What is wrong with a city's data: validation. Printing: cli.
"""

from __future__ import annotations

import platform
import re
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module, metadata
from pathlib import Path
from tempfile import NamedTemporaryFile, gettempdir
from typing import TYPE_CHECKING, Any, Literal

from greenspace.model.words import Text
from greenspace.present.words import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from greenspace.model.words import Language

State = Literal["fine", "missing", "optional"]
REQUIREMENT = re.compile(
    r"([\w.-]+)(?:\[[^\]]*\])?\s*(?:>=\s*([\d.]+))?.*?(?:extra == ['\"](\w+))?['\"]?$"
)
MODULES = {  # the name to import, where it is not the package's own; None: only a file is taken
    "fonttools": "fontTools",
    "matplotlib-scalebar": "matplotlib_scalebar",
    "python-docx": "docx",
    "zhplot": None,
}
VECTOR = ("GPKG", "ESRI Shapefile", "OpenFileGDB", "GeoJSON", "KML", "DXF", "FlatGeobuf", "GML")
NEEDED = {"GPKG", "ESRI Shapefile", "GeoJSON", "GTiff", "VRT"}
FEATURES = {
    "osm": Text(
        zh="查明 OpenStreetMap 裁切文件截断了什么", en="telling what an OpenStreetMap extract cut"
    ),
    "parquet": Text(zh="读写 GeoParquet", en="reading and writing GeoParquet"),
    "postgis": Text(zh="读写 PostGIS", en="reading and writing PostGIS"),
    "scale": Text(zh="多进程、多机核查多座城市", en="checking many cities on many processes"),
}
MARKS = {
    "fine": Text(zh="正常", en="fine"),
    "missing": Text(zh="缺失", en="MISSING"),
    "optional": Text(zh="未装", en="not installed"),
}
SYSTEM = Text(zh="系统", en="System")
PACKAGES = Text(zh="软件包", en="Packages")
NATIVE = Text(zh="底层库", en="Libraries below them")
FORMATS = Text(zh="文件格式（GDAL 驱动）", en="Formats (drivers of GDAL)")
EXTRAS = Text(zh="可选功能", en="Optional features")
NOTHING = Text(zh="", en="")
PROBE = "国家园林城市绿地率"


@dataclass(frozen=True, slots=True, kw_only=True)
class Symptom:
    """One thing that was looked at: ``missing`` where every command needs it."""

    group: Text
    name: Text
    state: State = "fine"
    detail: Text = NOTHING


def examine(encoding: str | None = None) -> tuple[Symptom, ...]:
    """Look at everything that commands rely on; nothing of it needs to work.

    Parameters
    ----------
    encoding
        Of the console.

    Examples
    --------
    >>> [item.name.en for item in examine("gbk") if item.state == "missing"]
    []
    """
    return (*_system(encoding), *_packages(), *_native(), *_formats(), *_extras())


def lines_of(symptoms: tuple[Symptom, ...], language: Language) -> Iterator[str]:
    """Yield the lines that ``greenspace doctor`` prints, under a head for each group."""
    group = None
    for item in symptoms:
        if item.group != group:
            group = item.group
            yield group.of(language)
        stop = "：" if language == "zh" else ": "
        detail = clean(item.detail.of(language))
        mark, name = MARKS[item.state].of(language), item.name.of(language)
        yield f"  [{mark}] {name}{stop + detail if detail else ''}"


def _same(words: object) -> Text:
    return Text(zh=str(words), en=str(words))


def _system(encoding: str | None) -> Iterator[Symptom]:
    yield _fine(SYSTEM, "Python", platform.python_version())
    yield _fine(SYSTEM, "greenspace", _version("greenspace") or "?")
    yield _fine(SYSTEM, _same(platform.system()), platform.platform())
    yield Symptom(
        group=SYSTEM,
        name=Text(zh="控制台编码", en="encoding of the console"),
        detail=_console(encoding),
    )
    yield _temporary()
    yield _font()
    yield Symptom(
        group=SYSTEM,
        name=Text(zh="网络", en="network"),
        detail=Text(zh="不使用", en="not used"),
    )


def _fine(group: Text, name: Text | str, detail: Text | str) -> Symptom:
    named, said = (_same(words) if isinstance(words, str) else words for words in (name, detail))
    return Symptom(group=group, name=named, detail=said)


def _console(encoding: str | None) -> Text:
    codec = encoding or "ascii"
    with suppress(UnicodeEncodeError, LookupError):
        PROBE.encode(codec)
        return _same(codec)
    return Text(
        zh=f"{codec}，显示不了中文，请用 --lang en 或先运行 chcp 65001",
        en=f"{codec}, which has no Chinese characters: use --lang en, or run chcp 65001 first",
    )


def _temporary() -> Symptom:
    name, folder = Text(zh="临时文件夹", en="temporary folder"), "?"
    try:
        folder = gettempdir()
        with NamedTemporaryFile(prefix="greenspace-"):
            return _fine(SYSTEM, name, folder)
    except OSError as error:
        detail = Text(zh=f"{folder} 不能写入（{error}）", en=f"{folder} is not writable ({error})")
        return Symptom(group=SYSTEM, name=name, state="missing", detail=detail)


def _font() -> Symptom:
    name = Text(zh="中文字体", en="font with Chinese glyphs")
    found = _attempt(lambda: import_module("greenspace.present.fonts").font_file().name)
    if isinstance(found, Exception):
        remedy = Text(
            zh=f"地图无法写字：{found}；请运行 pip install zhplot",
            en=f"maps cannot be lettered: {found}; run pip install zhplot",
        )
        return Symptom(group=SYSTEM, name=name, state="missing", detail=remedy)
    return _fine(SYSTEM, name, str(found))


def _attempt(action: Callable[[], Any]) -> Any:
    """Return what an action returns, or whatever it raises: here nothing has to work."""
    try:
        return action()
    except Exception as error:  # noqa: BLE001
        return error


def _packages() -> Iterator[Symptom]:
    for package, least, extra in _requirements():
        if extra is None:
            yield _package(package, least)


def _requirements() -> list[tuple[str, str | None, str | None]]:
    """Return package, least version and extra of all that this package asks for."""
    try:
        asked = metadata.requires("greenspace") or []
    except metadata.PackageNotFoundError:
        return []
    found = (REQUIREMENT.match(line) for line in asked)
    return [(match[1], match[2], match[3]) for match in found if match is not None]


def _package(package: str, least: str | None) -> Symptom:
    found = _version(package)
    reason = Text(zh="没有安装", en="not installed")
    if found is not None:
        module = MODULES.get(package, package)
        failed = None if module is None else _attempt(lambda: import_module(module))
        if not isinstance(failed, Exception):
            if least is None or _numbers(found) >= _numbers(least):
                return _fine(PACKAGES, package, found)
            reason = Text(zh=f"{found}，至少需要 {least}", en=f"{found}, {least} is needed")
        else:
            why = f"{type(failed).__name__}: {failed}"
            reason = Text(zh=f"{found} 无法导入（{why}）", en=f"{found} cannot be imported ({why})")
    wanted = f'pip install "{package}>={least}"' if least else f"pip install {package}"
    return Symptom(
        group=PACKAGES,
        name=_same(package),
        state="missing",
        detail=Text(zh=f"{reason.zh}；请运行 {wanted}", en=f"{reason.en}; run {wanted}"),
    )


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _numbers(version: str) -> tuple[int, ...]:
    """Return a version as numbers that compare as versions do.

    Examples
    --------
    >>> _numbers("1.10.0") > _numbers("1.9"), _numbers("3.1") >= _numbers("3.1.0")
    (True, True)
    """
    release = re.match(r"[\d.]*", version)
    parts = [int(part) for part in (release[0] if release else "").split(".") if part]
    while parts and parts[-1] == 0:
        parts.pop()
    return tuple(parts)


def _native() -> Iterator[Symptom]:
    for name, look in (
        (Text(zh="GDAL（矢量）", en="GDAL for vectors"), _gdal_of("pyogrio")),
        (Text(zh="GDAL（栅格）", en="GDAL for rasters"), _gdal_of("rasterio")),
        (_same("GEOS"), lambda: import_module("shapely").geos_version_string),
        (_same("PROJ"), lambda: import_module("pyproj").proj_version_str),
        (Text(zh="PROJ 数据库", en="database of PROJ"), _proj_database),
    ):
        found = _attempt(look)
        failed = isinstance(found, Exception)
        yield _absent(NATIVE, name, found) if failed else _fine(NATIVE, name, found)


def _gdal_of(module: str) -> Callable[[], str]:
    def look() -> str:
        found = import_module(module).__gdal_version__
        return ".".join(map(str, found)) if isinstance(found, tuple) else str(found)

    return look


def _proj_database() -> Text:
    folder = Path(import_module("pyproj.datadir").get_data_dir())
    if not (folder / "proj.db").is_file():
        raise FileNotFoundError(folder / "proj.db")
    grids = sum(path.suffix in {".tif", ".gsb"} for path in folder.iterdir())
    return Text(zh=f"proj.db，{grids} 个改正格网", en=f"proj.db, datum grids: {grids}")


def _absent(group: Text, name: Text, error: Exception) -> Symptom:
    why = f"{type(error).__name__}: {error}"
    return Symptom(group=group, name=name, state="missing", detail=_same(why))


def _formats() -> Iterator[Symptom]:
    drivers = _attempt(lambda: import_module("pyogrio").list_drivers())
    vector = {} if isinstance(drivers, Exception) else dict(drivers)
    if "LIBKML" in vector:
        vector["KML"] = vector["LIBKML"]
    for name in VECTOR:
        yield _format(name, known=name in vector)
    rasters = _attempt(lambda: import_module("greenspace.read.drivers").DRIVERS)
    known = _attempt(_raster_drivers)
    for name in ("GTiff", "VRT") if isinstance(rasters, Exception) else rasters:
        yield _format(name, known=not isinstance(known, Exception) and name in known)


def _raster_drivers() -> set[str]:
    with import_module("rasterio").Env() as env:
        return set(env.drivers())


def _format(name: str, *, known: bool) -> Symptom:
    if known:
        return Symptom(group=FORMATS, name=_same(name))
    detail = Text(zh="此类文件不能读取", en="files of this kind cannot be read")
    state: State = "missing" if name in NEEDED else "optional"
    return Symptom(group=FORMATS, name=_same(name), state=state, detail=detail)


def _extras() -> Iterator[Symptom]:
    for extra, feature in FEATURES.items():
        wanted = [(name, least) for name, least, owner in _requirements() if owner == extra]
        lacking = [name for name, least in wanted if _package(name, least).state != "fine"]
        if wanted and not lacking:
            yield Symptom(group=EXTRAS, name=feature)
            continue
        command = f'pip install "greenspace[{extra}]"'
        detail = Text(
            zh=f"缺 {'、'.join(lacking)}；需要时运行 {command}",
            en=f"needs {', '.join(lacking) or extra}; to have it run {command}",
        )
        yield Symptom(group=EXTRAS, name=feature, state="optional", detail=detail)
