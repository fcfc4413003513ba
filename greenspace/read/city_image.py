"""City images: the [[image]] tables of a manifest, with the files that each names.

Question   Which files make up each image of this city, and how are they read?
Enters     A Desk and a checked manifest.
Leaves     ImageSpecs, newest first; every file kept with its checksum.
Elsewhere  The manifest's keys: read/manifest. Opening the files: read/origin.
"""

from __future__ import annotations

from glob import escape, glob
from types import MappingProxyType
from typing import TYPE_CHECKING

from greenspace.errors import InputError
from greenspace.model.city import ImageSpec, MaskSpec, Variable
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.read.image_path import split_subdataset

if TYPE_CHECKING:
    from pathlib import Path

    from greenspace.model.city import ImageFile, ImageFiles
    from greenspace.read.desk import Desk
    from greenspace.read.manifest import ImageTable, Manifest, MaskTable


def find_images(desk: Desk, manifest: Manifest) -> tuple[ImageSpec, ...]:
    """Return the images of a city, newest first.

    Raises
    ------
    InputError
        A file is missing.
    """
    images = []
    for table in manifest.image:
        with desk.trying("image"):
            images.append(_image_of(desk, table))
    undated = [image.name for image in images if image.date is None]
    if undated and len(images) > 1:
        text = Text(
            zh=f"影像 {undated[0]} 没有日期，按最旧处理。",
            en=f"The image {undated[0]} has no date and counts as the oldest.",
        )
        desk.findings.append(Finding(code="undated_image", text=text, severity="warning"))
    return tuple(sorted(images, key=lambda image: -image.date.toordinal() if image.date else 1))


def _image_of(desk: Desk, table: ImageTable) -> ImageSpec:
    path: ImageFile | ImageFiles | MappingProxyType[str, ImageFile | ImageFiles]
    if isinstance(table.path, dict):
        path = MappingProxyType({band: _find(desk, told) for band, told in table.path.items()})
    else:
        path = _find(desk, table.path)
    spec = ImageSpec(
        path=path,
        name="",
        date=table.date,
        sensor=table.sensor,
        bands=None if table.bands is None else MappingProxyType(table.bands),
        scale=table.scale,
        offset=table.offset,
        nodata=table.nodata,
        mask=None if table.mask is None else _mask_of(desk, table.mask),
        crs=table.crs,
        on_bad_tile=table.on_bad_tile,
        allow_outside=table.allow_outside,
    )
    names = [desk.keep(file, "image") for file in spec.files]
    more = f" (+{len(names) - 1})" if len(names) > 1 else ""
    return spec.named(f"{names[0]}{more}")


def _find(desk: Desk, told: str | list[str]) -> ImageFile | ImageFiles:
    words = [told] if isinstance(told, str) else told
    found = [file for each in words for file in _files(desk, each)]
    return found[0] if len(found) == 1 else tuple(found)


def _files(desk: Desk, written: str) -> list[ImageFile]:
    """Return the files behind some words: what exists is a file, whatever its name holds."""
    folder = desk.manifest.parent
    if not (folder / written).exists():
        subdataset = split_subdataset(written)
        if subdataset is not None:
            return [Variable(desk.find(subdataset[0], "image"), subdataset[1])]
        if "*" in written:
            return list(_matching(folder, written))
    return [desk.find(written, "image")]


def _matching(folder: Path, written: str) -> list[Path]:
    pattern = escape(written.replace("\\", "/")).replace("[*]", "*")
    found = [folder / name for name in sorted(glob(pattern, root_dir=folder))]  # noqa: PTH207 - of any path
    if found:
        return found
    raise InputError(
        f"没有文件符合 {written}。",
        f"No file is named like {written}.",
        remedy=Text(zh="请核对路径。", en="Check the path."),
        file=folder / written,
        layer="image",
        found=(),
    )


def _mask_of(desk: Desk, table: MaskTable) -> MaskSpec:
    path = desk.find(table.path, "mask")
    desk.keep(path, "mask")
    return MaskSpec(
        path=path,
        codes=table.codes,
        values=None if table.values is None else tuple(table.values),
        bits=None if table.bits is None else tuple(table.bits),
    )
