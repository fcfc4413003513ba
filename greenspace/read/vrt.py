"""VRTs: what a mosaic of references may reach for before GDAL follows it.

Question   Does this VRT only put together plain image files in its own folder?
Enters     A path; anything but a VRT passes.
Leaves     Nothing, or a refusal that names what it reaches for.
Elsewhere  Opening it: read/image_path.
"""

from __future__ import annotations

from itertools import islice
from os import scandir
from os.path import isfile, realpath
from pathlib import Path
from typing import TYPE_CHECKING
from xml.parsers import expat

from rasterio.errors import RasterioError

from greenspace.errors import RasterError
from greenspace.model.words import Text
from greenspace.read.drivers import HOLD_PIXELS, opened_as

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_BYTES = 64 << 20
MOST_DEEP = 8
HEAD = 4096
MOST_LISTED = 2000  # GDAL lists 1000 files of a folder and beyond goes by exact names
MARK = b"<vrtdataset"
REFERENCE = "sourcefilename"
PLAIN = frozenset(
    [
        "vrtdataset",
        "srs",
        "geotransform",
        "metadata",
        "mdi",
        "vrtrasterband",
        "description",
        "unittype",
        "offset",
        "scale",
        "nodatavalue",
        "hidenodatavalue",
        "nodata",
        "colorinterp",
        "colortable",
        "entry",
        "categorynames",
        "category",
        "histograms",
        "histitem",
        "histmin",
        "histmax",
        "bucketcount",
        "includeoutofrange",
        "approximate",
        "histcounts",
        "gcplist",
        "gcp",
        "maskband",
        "overviewlist",
        "blockxsize",
        "blockysize",
        "rasterattributetable",
        "fielddefn",
        "name",
        "type",
        "usage",
        "row",
        "f",
        "simplesource",
        "complexsource",
        "sourcefilename",
        "sourceband",
        "sourceproperties",
        "srcrect",
        "dstrect",
        "usemaskband",
        "scaleoffset",
        "scaleratio",
        "lut",
        "colortablecomponent",
        "exponent",
        "srcmin",
        "srcmax",
        "dstmin",
        "dstmax",
        "clamp",
    ]
)
BANDS = {"", "vrtsourcedrasterband"}
REMEDY = Text(
    zh="请把各文件放进 VRT 所在的文件夹，或用 gdal_translate 转为 GeoTIFF；若信任该 VRT，"
    "请在 [[image]] 写 allow_outside = true，脚本中请自行用 rasterio 打开。",
    en="Put the files into the folder of the VRT, or make a GeoTIFF with gdal_translate; if you "
    "trust the VRT, write allow_outside = true in [[image]], or open it with rasterio yourself.",
)


def require_plain_vrt(path: Path) -> None:
    """Refuse a VRT that reaches for more than plain image files in its folder or below.

    VRTs within a VRT are held to the same; a file that is no VRT passes.

    Raises
    ------
    RasterError
        It reaches for another folder, an address or a computed band; or it is no sound XML.
    """
    head = _head(path)
    if path.suffix.lower() == ".vrt" or MARK in head.lower():
        _Check(path).vrt(path, ())


def require_plain_mask(path: Path) -> None:
    """Refuse a file ``NAME.msk`` beside an image that is no GeoTIFF: GDAL opens it as any kind.

    Raises
    ------
    RasterError
        It is something else, such as a VRT, which would be followed anywhere.
    """
    for mask in _masks_beside(path):
        try:
            if MARK in _head(mask).lower():
                raise _no_mask(path, mask)
            with opened_as(mask, ("GTiff",)):
                pass
        except RasterioError as error:
            raise _no_mask(path, mask) from error


def _masks_beside(path: Path) -> list[Path]:
    """Return the masks of an image; GDAL takes the name in any case, in folders it can list."""
    exact = [path.with_name(path.name + ending) for ending in (".msk", ".MSK")]
    found = {mask for mask in exact if isfile(mask)}  # noqa: PTH113 - raises on no name
    try:
        with scandir(path.parent) as entries:
            for entry in islice(entries, MOST_LISTED):
                if entry.name.lower() == f"{path.name}.msk".lower():
                    found.add(path.with_name(entry.name))
    except OSError:  # opening it as an image will tell
        pass
    return sorted(found)


def _no_mask(image: Path, mask: Path) -> RasterError:
    return RasterError(
        f"影像旁的掩膜 {mask.name} 不是 GeoTIFF，不予打开。",
        f"The mask {mask.name} beside the image is no GeoTIFF and is not opened.",
        remedy=Text(
            zh="请移走该文件，或将其转为 GeoTIFF。",
            en="Move that file away, or make a GeoTIFF of it.",
        ),
        file=image,
        expected="GTiff",
        found=mask.name,
    )


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(HEAD)
    except OSError:  # opening it as an image will tell
        return b""


class _Check:
    """Follows the references of one VRT, each file once."""

    def __init__(self, first: Path) -> None:
        self.first, self.folder = first, Path(realpath(first)).parent
        self.checked: set[Path] = set()

    def vrt(self, path: Path, above: tuple[Path, ...]) -> None:
        """Check a VRT that stands within others."""
        if path in above or len(above) > MOST_DEEP:
            raise self.refusal(path.name, Text(zh="层层嵌套的 VRT", en="VRTs within VRTs"))
        for source in dict.fromkeys(_sources(path, self)):
            target = Path(realpath(source))
            self._require_inside(source, target)
            require_plain_mask(source)
            if target not in self.checked:
                if MARK in _head(target).lower():
                    self.vrt(target, (*above, path))
                else:
                    self._require_pixels(source, target)
                self.checked.add(target)

    def _require_inside(self, source: Path, target: Path) -> None:
        if not target.is_relative_to(self.folder):
            raise self.refusal(
                str(source), Text(zh="自身文件夹以外的文件", en="a file outside its folder")
            )
        if not isfile(target):  # noqa: PTH113 - Path.is_file raises on names too long
            raise self.refusal(
                str(source), Text(zh="不存在的文件", en="a file that does not exist")
            )

    def _require_pixels(self, source: Path, target: Path) -> None:
        """Refuse what GDAL would open with a driver that follows addresses."""
        what = Text(zh="不是普通影像的文件", en="a file that is no plain image")
        try:
            with opened_as(target, HOLD_PIXELS) as leaf:
                elsewhere = leaf.tags(ns="OVERVIEWS").get("OVERVIEW_FILE")
        except RasterioError as error:
            raise self.refusal(str(source), what) from error
        if elsewhere is not None:
            raise self.refusal(elsewhere, what)

    def refusal(self, found: str, what: Text) -> RasterError:
        """Return the refusal of the VRT that was opened first."""
        return RasterError(
            f"VRT 引用了{what.zh}（{found}），不予打开。",
            f"The VRT reaches for {what.en} ({found}) and is not opened.",
            remedy=REMEDY,
            file=self.first,
            found=found,
        )


def _sources(path: Path, check: _Check) -> list[Path]:
    """Return the files that a VRT names; everything but plain mosaics is refused."""
    scan = _Scan(path.parent, check)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = scan.start
    parser.EndElementHandler = scan.end
    parser.CharacterDataHandler = scan.text
    parser.StartDoctypeDeclHandler = scan.doctype
    with path.open("rb") as stream:
        content = stream.read(MOST_BYTES)
    try:
        parser.Parse(content, True)  # noqa: FBT003 - the parameter has no name
    except expat.ExpatError as error:
        raise check.refusal(str(error), Text(zh="有误的 XML", en="XML with faults")) from error
    return scan.sources


class _Scan:
    """Walks through the elements; GDAL takes names in any case, so this does too."""

    def __init__(self, folder: Path, check: _Check) -> None:
        self.folder, self.refusal = folder, check.refusal
        self.sources: list[Path] = []
        self.relative = False
        self.words: list[str] | None = None

    def start(self, name: str, given: Mapping[str, str]) -> None:
        name, facts = name.lower(), {key.lower(): value for key, value in given.items()}
        if name not in PLAIN or self.words is not None:
            raise self.refusal(name, Text(zh="不属于普通拼接的内容", en="more than a mosaic"))
        if facts.get("subclass", "").lower() not in BANDS:
            raise self.refusal(
                facts["subclass"], Text(zh="计算或变形的数据", en="computed or warped data")
            )
        if REFERENCE in facts:
            raise self.refusal(facts[REFERENCE], Text(zh="写法不明的引用", en="an odd reference"))
        if name == REFERENCE:
            self.words, self.relative = [], facts.get("relativetovrt", "0") == "1"

    def end(self, _: str) -> None:
        if self.words is None:
            return
        words, self.words = "".join(self.words), None
        source = self.folder / words if self.relative else Path(words)
        special = _is_special(words) or (self.relative and ":" in words)
        if not source.is_absolute() or words != words.strip() or special:
            raise self.refusal(words, Text(zh="本地文件以外的内容", en="more than a local file"))
        self.sources.append(source)

    def text(self, words: str) -> None:
        if self.words is not None:
            self.words.append(words)

    def doctype(self, *_: object) -> None:
        raise self.refusal("DOCTYPE", Text(zh="文档类型声明", en="a document type"))


def _is_special(words: str) -> bool:
    """Return whether GDAL would take a name for something else than a file."""
    return words.startswith(("/vsi", "\\vsi", "<")) or "://" in words
