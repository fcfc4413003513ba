"""VRTs: plain mosaics of files beside them are read, everything that reaches further is refused."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
from affine import Affine

from greenspace.errors import RasterError
from greenspace.model.grid import Window
from greenspace.read.header import Terms
from greenspace.read.origin import open_origin
from tests.read.test_image_path import server
from tests.scene import write_raster

PLACE = Affine(10.0, 0.0, 500_000.0, 0.0, -10.0, 3_400_000.0)
VALUES = np.arange(1, 13, dtype="uint8").reshape(3, 4)
SOURCE = (
    '<SimpleSource><SourceFilename relativeToVRT="{relative}">{file}</SourceFilename>'
    "<SourceBand>1</SourceBand></SimpleSource>"
)


def vrt(path, *sources, band="", head="", inside=""):
    """Write a VRT of one band over 4 x 3 pixels."""
    path.write_text(
        f'{head}<VRTDataset rasterXSize="4" rasterYSize="3"><SRS>EPSG:4547</SRS>'
        "<GeoTransform>500000,10,0,3400000,0,-10</GeoTransform>"
        f'<VRTRasterBand dataType="Byte" band="1"{band}>{"".join(sources)}{inside}'
        "</VRTRasterBand></VRTDataset>",
        encoding="utf-8",
    )
    return path


def source(file, relative=1):
    return SOURCE.format(file=file, relative=relative)


def read(path, **terms):
    with open_origin(path, Terms(**terms)).session() as reading:
        return reading((1,), Window(0, 0, 3, 4))[0][0].tolist()


@pytest.fixture
def folder(tmp_path):
    """A folder with one tile, inside another folder with one more."""
    inner = tmp_path / "inner"
    (inner / "below").mkdir(parents=True)
    write_raster(inner / "tile.tif", VALUES, transform=PLACE)
    shutil.copy(inner / "tile.tif", inner / "below")
    shutil.copy(inner / "tile.tif", tmp_path / "secret.tif")
    return inner


@pytest.mark.parametrize("file", ["tile.tif", "below/tile.tif", "./below/../tile.tif"])
def test_files_beside_or_below_a_vrt_are_read(folder, file):
    assert read(vrt(folder / "a.vrt", source(file))) == VALUES.tolist()


def test_an_absolute_path_into_the_folder_is_read(folder):
    assert read(vrt(folder / "a.vrt", source(folder / "tile.tif", 0))) == VALUES.tolist()


def test_a_vrt_within_a_vrt_is_read_and_held_to_the_same(folder):
    inner = vrt(folder / "inner.vrt", source("tile.tif"))
    outer = vrt(folder / "outer.vrt", source("inner.vrt"))
    assert read(outer) == VALUES.tolist()
    vrt(inner, source("../secret.tif"))
    with pytest.raises(RasterError, match="outside its folder") as caught:
        read(outer)
    assert caught.value.file == str(outer)


def test_a_vrt_under_another_name_is_still_one(folder):
    hidden = vrt(folder / "image.tif", source("../secret.tif"))
    with pytest.raises(RasterError, match="outside its folder"):
        read(hidden)
    with pytest.raises(RasterError, match="outside its folder"):
        read(vrt(folder / "a.vrt", source("image.tif")))


def test_a_vrt_that_holds_itself_is_refused(folder):
    with pytest.raises(RasterError, match="VRTs within VRTs"):
        read(vrt(folder / "a.vrt", source("a.vrt")))
    vrt(folder / "b.vrt", source("c.vrt"))
    with pytest.raises(RasterError, match="VRTs within VRTs"):
        read(vrt(folder / "c.vrt", source("b.vrt")))


OUTSIDE = {
    "the folder above": source("../secret.tif"),
    "the folder above, without being said relative": source("../secret.tif", 0),
    "a bare name, from wherever the program runs": source("tile.tif", 0),
    "an absolute path": source("/etc/hostname", 0),
    "an address": source("/vsicurl/http://192.0.2.1/i.tif", 0),
    "a relative address": source("/vsicurl/http://192.0.2.1/i.tif"),
    "a scheme": source("http://192.0.2.1/i.tif", 0),
    "an archive": source("/vsizip/../secret.zip/i.tif", 0),
    "a VRT in words": source("&lt;VRTDataset/&gt;", 0),
    "a VRT by connection": source("vrt://../secret.tif", 0),
    "a variable": source("NETCDF:../secret.nc:red"),
    "a file that is not there": source("no.tif"),
    "a folder": source("below"),
    "a file that is no image": source("note.txt"),
    "a name in other letters": source("../secret.tif").replace("SourceFilename", "SOURCEFILENAME"),
    "a name as an attribute": '<SimpleSource SourceFilename="../secret.tif"/>',
    "a name in parts": source("<![CDATA[../]]>secret.tif"),
    "a name too long": source("x" * 9000),
    "options": source("tile.tif").replace(
        "<SourceBand>", '<OpenOptions><OOI key="ROOT_PATH">/</OOI></OpenOptions><SourceBand>'
    ),
}


@pytest.mark.parametrize("words", OUTSIDE.values(), ids=OUTSIDE.keys())
def test_what_reaches_further_is_refused(folder, words):
    (folder / "note.txt").write_text("<GDAL_WMS/>", encoding="utf-8")
    path = vrt(folder / "a.vrt", words)
    with pytest.raises(RasterError, match="VRT reaches for") as caught:
        read(path)
    assert caught.value.file == str(path)
    assert "allow_outside = true" in str(caught.value)


@pytest.mark.parametrize("name", ["http://192.0.2.1/i.tif", "NETCDF:i.tif"])
def test_a_file_named_like_an_address_does_not_cover_for_it(folder, name):
    try:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(folder / "tile.tif", folder / name)
    except OSError:
        pytest.skip("this system has no such names")
    with pytest.raises(RasterError, match="more than a local file"):
        read(vrt(folder / "a.vrt", source(name)))


@pytest.mark.parametrize(
    "inside",
    [
        "<PixelFunctionLanguage>Python</PixelFunctionLanguage>",
        "<PixelFunctionCode>def f(*a, **k): pass</PixelFunctionCode>",
        "<Overview><SourceFilename>../secret.tif</SourceFilename></Overview>",
    ],
)
def test_code_and_odd_parts_are_refused(folder, inside):
    with pytest.raises(RasterError, match="more than a mosaic"):
        read(vrt(folder / "a.vrt", source("tile.tif"), inside=inside))


@pytest.mark.parametrize(
    "kind", ["VRTDerivedRasterBand", "VRTRawRasterBand", "vrtwarpedrasterband"]
)
def test_computed_bands_are_refused(folder, kind):
    with pytest.raises(RasterError, match="computed or warped") as caught:
        read(vrt(folder / "a.vrt", source("tile.tif"), band=f' subClass="{kind}"'))
    assert caught.value.found == kind


def test_entities_are_refused_before_they_grow(folder):
    head = '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    with pytest.raises(RasterError, match="a document type"):
        read(vrt(folder / "a.vrt", source("&b;"), head=head))


@pytest.mark.parametrize("text", ["", "<VRTDataset>", "<VRTDataset></x>", "\0<VRTDataset/>", "II*"])
def test_what_is_no_sound_xml_is_refused(folder, text):
    (folder / "a.vrt").write_text(text, encoding="utf-8")
    with pytest.raises(RasterError):
        read(folder / "a.vrt")


def test_a_link_that_leads_out_of_the_folder_is_refused(folder):
    try:
        (folder / "link.tif").symlink_to(folder.parent / "secret.tif")
    except OSError:
        pytest.skip("this system lets nobody make links")
    with pytest.raises(RasterError, match="outside its folder"):
        read(vrt(folder / "a.vrt", source("link.tif")))


def test_a_vrt_that_is_trusted_may_reach_further(folder):
    path = vrt(folder / "a.vrt", source("../secret.tif"))
    assert read(path, outside=True) == VALUES.tolist()


@pytest.mark.enable_socket
def test_no_address_is_asked_for_overviews_of_a_tile(folder):
    with server() as (home, asked):
        (folder / "tile.tif.aux.xml").write_text(
            f'<PAMDataset><Metadata domain="OVERVIEWS"><MDI key="OVERVIEW_FILE">'
            f"/vsicurl/{home}/o.ovr</MDI></Metadata></PAMDataset>",
            encoding="utf-8",
        )
        assert read(folder / "tile.tif") == VALUES.tolist()
        with pytest.raises(RasterError, match="no plain image"):
            read(vrt(folder / "a.vrt", source("tile.tif")))
        assert asked == []


def test_what_gdalbuildvrt_writes_is_read(folder):
    # The words of gdalbuildvrt 3.10 for two tiles side by side, nodata 0.
    write_raster(folder / "east.tif", VALUES + 12, transform=Affine.translation(40, 0) @ PLACE)
    sources = "".join(
        f'<ComplexSource><SourceFilename relativeToVRT="1">{name}</SourceFilename><SourceBand>1'
        '</SourceBand><SourceProperties RasterXSize="4" RasterYSize="3" DataType="Byte" '
        'BlockXSize="4" BlockYSize="3" /><SrcRect xOff="0" yOff="0" xSize="4" ySize="3" />'
        f'<DstRect xOff="{left}" yOff="0" xSize="4" ySize="3" /><NODATA>0</NODATA></ComplexSource>'
        for name, left in (("tile.tif", 0), ("east.tif", 4))
    )
    (folder / "m.vrt").write_text(
        '<VRTDataset rasterXSize="8" rasterYSize="3"><SRS dataAxisToSRSAxisMapping="2,1">'
        "EPSG:4547</SRS><GeoTransform>500000, 10, 0, 3400000, 0, -10</GeoTransform>"
        '<OverviewList resampling="nearest">2</OverviewList><VRTRasterBand dataType="Byte" band="1">'
        f"<NoDataValue>0</NoDataValue><ColorInterp>Gray</ColorInterp>{sources}</VRTRasterBand>"
        "</VRTDataset>",
        encoding="utf-8",
    )
    with open_origin(folder / "m.vrt").session() as reading:
        values, data = reading((1,), Window(0, 0, 3, 8))
    assert values[0].tolist() == np.hstack([VALUES, VALUES + 12]).tolist()
    assert data.all()


def test_an_absurd_size_is_refused_before_a_pixel_is_read(folder):
    path = vrt(folder / "a.vrt", source("tile.tif"))
    words = path.read_text(encoding="utf-8")
    path.write_text(
        words.replace('XSize="4"', 'XSize="2000000000"').replace('YSize="3"', 'YSize="2000000000"'),
        encoding="utf-8",
    )
    with pytest.raises(RasterError, match="more than 1e\\+12") as caught:
        open_origin(path)
    assert caught.value.found == (2_000_000_000, 2_000_000_000)
