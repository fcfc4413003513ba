"""Archives: what lies in them is read, what they try is refused, and nothing stays behind."""

from __future__ import annotations

import io
import tempfile
import zipfile
from contextlib import suppress

import geopandas as gpd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import box

from greenspace.errors import CrsError, EncodingError, InputError
from greenspace.read import unpack
from greenspace.read.files import sha256_of
from greenspace.read.unpack import members_of
from greenspace.read.vector import list_layers, read_layer
from tests.dbf import text, write_shapefile

NAMES = ["人民公园", "滨河绿地"]


@pytest.fixture(autouse=True)
def private(tmp_path, monkeypatch):
    """The folder that copies are made in; empty again after every test."""
    folder = tmp_path / "private"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    assert list(folder.iterdir()) == []


@pytest.fixture
def parks(tmp_path):
    rows = [[name.encode("gbk")] for name in NAMES]
    write_shapefile(tmp_path / "公园.shp", [text("名称")], rows, cpg="GBK")
    return {part.name: part.read_bytes() for part in tmp_path.glob("公园.*")}


@pytest.fixture
def geopackage(tmp_path):
    path = tmp_path / "city.gpkg"
    frame = gpd.GeoDataFrame({"n": [1]}, geometry=[box(0, 0, 1, 1)], crs=4547)
    frame.to_file(path, layer="parks")
    frame.to_file(path, layer="roads")
    return {"city.gpkg": path.read_bytes()}


def pack(path, members, **settings):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, **settings) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


class WindowsName(zipfile.ZipInfo):
    """A member whose name is written in GBK without the flag for UTF-8."""

    codec = "gbk"

    def _encodeFilenameFlags(self):  # noqa: N802  # what zipfile asks for
        return self.filename.encode(self.codec), self.flag_bits & ~0x800


class DosName(WindowsName):
    """The same on an old Western system."""

    codec = "cp437"


# What is read


def test_the_only_shapefile_needs_no_name(tmp_path, parks):
    path = pack(tmp_path / "a.zip", parks)
    frame = read_layer(path)
    assert frame["名称"].tolist() == NAMES
    assert frame.crs.to_epsg() == 4547
    assert [item.code for item in frame.attrs["findings"]] == ["encoding_said"]
    assert list_layers(path)[0].name == "公园"


def test_folders_in_the_archive_and_what_a_mac_adds_change_nothing(tmp_path, parks):
    members = {f"数据/2026/{name}": content for name, content in parks.items()}
    members |= {f"__MACOSX/数据/2026/._{name}": b"x" for name in parks}
    members |= {"数据/.DS_Store": b"x", "数据/说明.txt": b"x", "数据/": b""}
    assert read_layer(pack(tmp_path / "a.zip", members))["名称"].tolist() == NAMES


def test_a_geopackage_in_an_archive_has_its_own_layers(tmp_path, geopackage):
    path = pack(tmp_path / "a.zip", geopackage)
    assert read_layer(path, layer="roads")["n"].tolist() == [1]
    with pytest.raises(InputError, match="holds 2 layers") as caught:
        read_layer(path)
    assert caught.value.found == ("parks", "roads")


def test_several_files_are_named_by_their_place(tmp_path, parks, geopackage):
    members = {f"parks/{name}": content for name, content in parks.items()}
    path = pack(tmp_path / "a.zip", members | geopackage)
    with pytest.raises(InputError, match="holds 3 layers") as caught:
        read_layer(path)
    assert caught.value.found == ("city.gpkg/parks", "city.gpkg/roads", "parks/公园.shp")
    assert read_layer(path, layer="parks/公园.shp")["名称"].tolist() == NAMES
    assert read_layer(path, layer="city.gpkg/roads")["n"].tolist() == [1]
    assert tuple(info.name for info in list_layers(path)) == caught.value.found


def test_a_json_beside_a_layer_is_no_layer_and_alone_is_one(tmp_path, parks):
    point = '{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[1,2]}}'
    assert len(read_layer(pack(tmp_path / "a.zip", parks | {"package.json": b"{}"}))) == 2
    assert len(read_layer(pack(tmp_path / "b.zip", {"trees.json": point.encode()}))) == 1


def test_names_in_gbk_are_read(tmp_path, parks):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parks.items():
            archive.writestr(WindowsName(f"绿地\\{name}"), content)
    assert read_layer(path)["名称"].tolist() == NAMES
    assert set(members_of(path)) == {f"绿地/{name}" for name in parks}


def test_names_from_dos_are_not_chinese(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(DosName("Straße.txt"), b"")
    assert set(members_of(path)) == {"Straße.txt"}


def test_the_checksum_is_of_the_archive(tmp_path, parks):
    one, other = pack(tmp_path / "a.zip", parks), pack(tmp_path / "b.zip", parks | {"a.txt": b""})
    assert sha256_of(one) != sha256_of(other)


@pytest.mark.real_data
@pytest.mark.filterwarnings("ignore:Measured")  # of pyogrio, about other layers of the file
@pytest.mark.parametrize(
    ("name", "layer"),
    [
        ("nyc/nybb_16a.zip", None),
        ("dirty/fiona/coutwildrnp.zip", None),
        ("dirty/fiona/testopenfilegdb.gdb.zip", "multipolygon"),
    ],
)
def test_public_archives_read_as_gdal_reads_them(real_data, name, layer):
    frame = read_layer(real_data / name, layer=layer)
    independent = gpd.read_file(real_data / name, layer=layer)
    assert frame.crs == independent.crs
    assert frame.drop(columns="geometry").equals(independent.drop(columns="geometry"))
    assert frame.geometry.geom_equals(independent.geometry).all()


# What is refused


@pytest.mark.parametrize(
    "name",
    [
        "../a.shp",
        "a/../../a.shp",
        "/etc/a.shp",
        "C:/a.shp",
        "c:a.shp",
        "..\\a.shp",
        "\\\\host\\a.shp",
    ],
)
def test_a_name_that_leads_out_is_refused(tmp_path, parks, name):
    with pytest.raises(InputError, match="leads out"):
        read_layer(pack(tmp_path / "a.zip", parks | {name: b"x"}))
    assert not (tmp_path / "a.shp").exists()


def test_a_control_character_in_a_name_is_refused_and_shown_as_its_code(tmp_path, parks):
    with pytest.raises(InputError) as caught:
        read_layer(pack(tmp_path / "a.zip", parks | {"a\x1b[2J.txt": b"x"}))
    assert "\x1b" not in str(caught.value)


def test_a_link_is_refused(tmp_path, parks):
    path = pack(tmp_path / "a.zip", parks)
    with zipfile.ZipFile(path, "a") as archive:
        link = zipfile.ZipInfo("b.shp")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(InputError, match="is a link"):
        read_layer(path)


def test_a_name_twice_is_refused(tmp_path, parks):
    path = tmp_path / "a.zip"
    pack(path, parks)
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("公园.shp", b"another")
    with pytest.raises(InputError, match="twice"):
        read_layer(path)


def test_an_encrypted_archive_is_refused(tmp_path, parks):
    path = pack(tmp_path / "a.zip", parks)
    content = bytearray(path.read_bytes())
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(signature)
        while at >= 0:
            content[at + flags] |= 1
            at = content.find(signature, at + 4)
    path.write_bytes(content)
    with pytest.raises(InputError, match="encrypted"):
        read_layer(path)


def test_more_files_than_allowed_are_refused(tmp_path, parks, monkeypatch):
    monkeypatch.setattr(unpack, "MOST_MEMBERS", 4)
    with pytest.raises(InputError, match="more than 4 files"):
        read_layer(pack(tmp_path / "a.zip", parks))


def test_more_bytes_than_allowed_are_refused(tmp_path, parks, monkeypatch):
    monkeypatch.setattr(unpack, "MOST_BYTES", 300)
    with pytest.raises(InputError, match="more than 300 bytes"):
        read_layer(pack(tmp_path / "a.zip", parks))


def test_a_bomb_is_refused_by_what_comes_out_of_it(tmp_path, parks, monkeypatch):
    monkeypatch.setattr(unpack, "BYTES_UNSUSPECTED", 1 << 20)
    path = pack(tmp_path / "a.zip", parks | {"公园.dbf": bytes(32 << 20)})
    content = path.read_bytes()
    lie = content.replace((32 << 20).to_bytes(4, "little"), (9).to_bytes(4, "little"))
    for archive in (content, lie):  # a header that says nine bytes changes nothing
        path.write_bytes(archive)
        with pytest.raises(InputError):
            read_layer(path)
    path.write_bytes(content)
    with pytest.raises(InputError, match="200 times"):
        read_layer(path)


def test_archives_inside_are_not_opened(tmp_path, parks):
    inner = pack(tmp_path / "b.zip", parks).read_bytes()
    with pytest.raises(InputError, match="none in the archive"):
        read_layer(pack(tmp_path / "a.zip", {"b.zip": inner}))


def test_a_refusal_speaks_of_the_archive_and_not_of_the_copy(tmp_path, parks, private):
    path = pack(tmp_path / "a.zip", {"sub/b.gpkg": b"nothing"})
    with pytest.raises(InputError) as caught:
        read_layer(path)
    assert caught.value.file == str(path / "sub" / "b.gpkg")
    assert str(private) not in caught.value.sentence("zh") + str(caught.value)
    with pytest.raises(EncodingError):
        read_layer(pack(path, parks), encoding="utf-8")
    with pytest.raises(CrsError) as caught:
        read_layer(pack(path, {k: v for k, v in parks.items() if k != "公园.prj"}))
    assert caught.value.file == str(path)


@given(junk=st.binary(max_size=60), at=st.integers(0, 900))
def test_whatever_an_archive_holds_the_answer_is_a_layer_or_a_refusal(tmp_path_factory, junk, at):
    folder = tmp_path_factory.mktemp("junk")
    rows = [[name.encode("gbk")] for name in NAMES]
    write_shapefile(folder / "a.shp", [text("n")], rows, cpg="GBK")
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in folder.iterdir():
            archive.write(part, part.name)
    content = bytearray(memory.getvalue())
    content[at : at + len(junk)] = junk
    (folder / "a.zip").write_bytes(content)
    with suppress(InputError):
        assert len(read_layer(folder / "a.zip")) == 2
