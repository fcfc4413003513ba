"""Archive: vector files inside a .zip, read from a private copy that is gone afterwards.

Question   Which layers lie in this archive?
Enters     The path of a .zip, from anybody.
Leaves     Layers as from the files themselves, and refusals that speak of the archive.
Elsewhere  What may be unpacked: read/unpack. The files inside: whichever reader their kind has.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from greenspace.errors import InputError
from greenspace.model.words import Text
from greenspace.read import osm, parquet
from greenspace.read.private import private_folder
from greenspace.read.unpack import members_of, unpack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path
    from zipfile import ZipInfo

    from greenspace.read.layer_reader import LayerInfo, LayerReader, RawLayer

SUFFIXES = (".zip", ".shz", ".kmz")
SHAPEFILE, FOLDER = ".shp", ".gdb"
TABLE = re.compile(r"[^/]+\.gdbtable", re.IGNORECASE)
FILES = (
    *(SHAPEFILE, ".gpkg", ".geojson", ".fgb", ".kml", ".gml", ".tab", ".mif", ".dxf"),
    *(*osm.SUFFIXES, *parquet.SUFFIXES),
)
FILES_ALONE = (".json", ".csv")  # often something else: where there is nothing better


@dataclass(frozen=True, slots=True)
class ArchiveReader:
    """A .zip that holds vector files.

    One file: its layers have the names they have there. Several: a layer is named by its path
    in the archive, followed by its own name where that file holds more than one.
    """

    path: Path
    reader_of: Callable[[Path], LayerReader]

    def names(self) -> tuple[str, ...]:
        """Return the names of the layers."""
        return tuple(self._places())

    def layers(self) -> tuple[LayerInfo, ...]:
        """Return what the files say of their layers."""
        infos: list[LayerInfo] = []
        for file in self._files():
            with self._open(file) as reader:
                infos.extend(reader.layers())
        return tuple(
            replace(info, name=name) for info, name in zip(infos, self._places(), strict=True)
        )

    def read(self, layer: str, *, encoding: str | None = None) -> RawLayer:
        """Read one layer.

        Raises
        ------
        InputError
            The archive may not be unpacked, or the file in it cannot be read.
        """
        file, name = self._places()[layer]
        with self._open(file) as reader:
            return reader.read(name, encoding=encoding)

    def _members(self) -> Mapping[str, ZipInfo]:
        """Return what is in the archive; a geodatabase without its folder is given one."""
        members = members_of(self.path)
        if not any(TABLE.fullmatch(name) for name in members):
            return members
        folder = self.path.stem.removesuffix(FOLDER) + FOLDER
        return {
            name if "/" in name else f"{folder}/{name}": entry for name, entry in members.items()
        }

    def _files(self) -> Mapping[str, tuple[str, ...]]:
        files = _vector_files(self._members())
        if not files:
            raise InputError(
                "不能作为矢量文件打开：压缩包里没有矢量文件（包中的压缩包不打开）。",
                "It cannot be opened as a vector file: there is none in the archive "
                "(archives inside it are not opened).",
                remedy=Text(zh="请解压后指定文件。", en="Unpack it and name the file."),
                file=self.path,
            )
        return files

    def _places(self) -> dict[str, tuple[str, str]]:
        """Return for every layer, by its name outside, its file and its name there."""
        files = self._files()
        places: dict[str, tuple[str, str]] = {}
        for file in files:
            names = self._names_in(file)
            for name in names:
                several = file if len(names) == 1 else f"{file}/{name}"
                places[name if len(files) == 1 else several] = (file, name)
        return places

    def _names_in(self, file: str) -> tuple[str, ...]:
        member = PurePosixPath(file)
        if member.suffix.lower() == SHAPEFILE:
            return (member.stem,)
        with self._open(file) as reader:
            return reader.names()

    @contextmanager
    def _open(self, file: str) -> Iterator[LayerReader]:
        """Give the reader of a file in the archive while its copy is there."""
        members = self._members()
        with private_folder(self.path) as folder:
            unpack(self.path, {name: members[name] for name in self._files()[file]}, folder)
            yield self.reader_of(folder / file)


def _vector_files(members: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the vector files by name, each with the members that belong to it."""
    families: dict[str, list[str]] = {}
    for name in members:
        families.setdefault(_family(name), []).append(name)
    files: dict[str, tuple[str, ...]] = {}
    for family, names in families.items():
        if family.lower().endswith(FOLDER):
            files[family] = tuple(names)
        files.update({name: tuple(names) for name in names if name.lower().endswith(FILES)})
    alone = [name for name in members if name.lower().endswith(FILES_ALONE)]
    return dict(sorted(files.items())) or {name: (name,) for name in alone}


def _family(name: str) -> str:
    """Return the .gdb folder that a member is in, or its path up to the first dot of its name.

    Parts of a shapefile may differ in case.
    """
    path = PurePosixPath(name)
    folder = next((item for item in path.parents if item.suffix.lower() == FOLDER), None)
    return str(folder or path.parent / path.name.split(".")[0].lower())
