"""Manifests, by refusal: one clear sentence for every slip of the pen."""

from __future__ import annotations

import pytest

from greenspace.errors import ManifestError
from greenspace.read.definitions import read_indicators
from greenspace.read.manifest import read_manifest

CITY = '[city]\nname = "清河"\n'


def parse(folder, text, encoding="utf-8"):
    path = folder / "city.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return read_manifest(path, read_indicators())


def refuse(folder, text, encoding="utf-8"):
    with pytest.raises(ManifestError) as refusal:
        parse(folder, text, encoding)
    error = refusal.value
    assert error.file.endswith("city.toml")
    assert error.remedy.zh
    assert error.remedy.en
    return error


@pytest.mark.parametrize(
    ("encoding", "found"), [("gbk", "GBK"), ("gb18030", "GBK"), ("utf-16", "UTF-16")]
)
def test_says_which_encoding_a_manifest_was_saved_in(tmp_path, encoding, found):
    error = refuse(tmp_path, CITY, encoding)

    assert (error.expected, error.found) == ("UTF-8", found)
    assert "UTF-8" in error.remedy.zh
    assert "UTF-8" in error.remedy.en


def test_says_that_bytes_are_no_text_at_all(tmp_path):
    assert refuse(tmp_path, b"\x89PNG\r\n\x1a\n\xff\xff").found == "?"


@pytest.mark.parametrize(
    "value", [r"D:\data\green.shp", r"D:\Users\a.shp", r"D:\udata", r"D:\new\table.shp", "D:\\"]
)
def test_backslashes_are_named_with_their_line(tmp_path, value):
    error = refuse(tmp_path, f'{CITY}[layers.green]\npath = "{value}"\n')

    assert error.found == (4, None)
    assert error.expected == "/"
    assert "/" in error.remedy.zh


def test_backslashes_in_single_quotes_are_as_good_as_any(tmp_path):
    manifest = parse(tmp_path, CITY + "[layers.green]\npath = 'D:\\new\\green.shp'\n")

    assert manifest.layers["green"].path == r"D:\new\green.shp"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('[city]\nname = 清河"\n', (2, 8)),
        ('[city]\r\nname = "a"\r\n\r\n[measure\r\n', (4, 9)),
        ('[city]\nname = "a"\nname = "b"\nregion = "south"', (3, 11)),
        ('[city]\nname = "a', (2, 1)),
    ],
)
def test_other_slips_are_named_with_line_and_column(tmp_path, text, place):
    assert refuse(tmp_path, text).found == place


@pytest.mark.parametrize("text", ["[layers.绿地]", "[report]\n图号 = 3", "[city]\nname = 清河"])
def test_bare_chinese_words_are_told_to_stand_in_quotes(tmp_path, text):
    assert "引号" in refuse(tmp_path, text).remedy.zh


def test_chinese_quotation_marks_are_recognised(tmp_path):
    error = refuse(tmp_path, "[city]\nname = “清河”\n")

    assert "“" in error.remedy.zh


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("[citi]", "citi", "city"),
        ("[layer.green]\npath = 'a'", "layer", "layers"),
        ("[city]\npopulaton = 3", "populaton", "population"),
        ("[layers.gren]\npath = 'a'", "gren", "green"),
        ("[layers.'绿地']\npath = 'a'", "绿地", "green"),
        ("[layers.green]\npaht = 'a'", "paht", "path"),
        ("[layers.green]\ncolumns = { clas = 'A' }", "clas", "class"),
        ("[layers.districts]\ncolumns = { populaton = 'A' }", "populaton", "population"),
        ("[[image]]\nsensr = 'a'", "sensr", "sensor"),
        ("[vegetation]\nthreshhold = 1", "threshhold", "threshold"),
        ("[declared]\ngreen_coverag = 0.4", "green_coverag", "green_coverage"),
        ("[targets.2027]\ngreen_spaceratio = 0.4", "green_spaceratio", "green_space_ratio"),
        ("[measure]\ncsr = 'a'", "csr", "crs"),
    ],
)
def test_a_misspelt_name_is_met_with_the_nearest(tmp_path, text, name, expected):
    error = refuse(tmp_path, text)

    assert (error.found, error.expected) == (name, expected)
    assert expected in error.remedy.zh


def test_a_name_like_no_other_is_met_with_all_there_are(tmp_path):
    error = refuse(tmp_path, "[measure]\nzzz = 1")

    assert error.expected == ("crs",)


def test_a_setting_of_another_layer_is_not_known_here(tmp_path):
    assert refuse(tmp_path, CITY + '[layers.water]\npath = "a"\nedition = "2017"').layer == "water"


@pytest.mark.parametrize(
    ("text", "key", "found"),
    [
        ('region = "east"', "city.region", "east"),
        ("date = 3", "city.date", 3),
        ('date = "tomorrow"', "city.date", "tomorrow"),
        ("standard = 2022", "city.standard", 2022),
        ("construction_land_per_head_m2 = 0", "city.construction_land_per_head_m2", 0),
        ("[measure]\ncrs = 1.5", "measure.crs", 1.5),
        ('layers = "a"', "layers", "a"),
        ("[layers.green]\npath = 3", "layers.green.path", 3),
        ("[layers.green]\npath = ''", "layers.green.path", ""),
        ('[layers.green]\npath = "a"\nedition = "2020"', "layers.green.edition", "2020"),
        ('[layers.green]\npath = "a"\ncolumns = "b"', "layers.green.columns", "b"),
        ('[layers.green]\npath = "a"\ncolumns = { class = 3 }', "layers.green.columns.class", 3),
        ('[image]\npath = "a"', "image", {"path": "a"}),
        ('[[image]]\npath = "a"\nbands = { red = 0 }', "image[1].bands.red", 0),
        ('[[image]]\npath = "a"\nscale = nan', "image[1].scale", None),
        ('[[image]]\npath = "a"\nmask = ""', "image[1].mask", ""),
        ('[[image]]\npath = "a"\nmask = { codes = "x" }', "image[1].mask", {"codes": "x"}),
        ('[[image]]\npath = "a"\nmask = { path = "m", bits = [] }', "image[1].mask", None),
        ('[[image]]\npath = "a"\nmask = { path = "m", bits = [-1] }', "image[1].mask", None),
        ('[[image]]\npath = "a"\nmask = { path = "m", value = [1] }', "image[1].mask", None),
        (
            '[[image]]\npath = "a"\nmask = { path = "m", values = [1], codes = "x" }',
            "image[1].mask",
            {"path": "m", "values": [1], "codes": "x"},
        ),
        ('[vegetation]\nthreshold = "ostu"', "vegetation.threshold", "ostu"),
        ("[vegetation]\nthreshold = true", "vegetation.threshold", True),
        (
            '[vegetation]\nthreshold = { samples = "p.gpkg", objective = "f2" }',
            "vegetation.threshold",
            {"samples": "p.gpkg", "objective": "f2"},
        ),
        ('[vegetation]\ncrops = "yes"', "vegetation.crops", "yes"),
        ("[vegetation]\nclasses = 3", "vegetation.classes", 3),
        ('[vegetation]\nsource = "imag"', "vegetation.source", "imag"),
        ("[declared]\ngreen_coverage = 41.4", "declared.green_coverage", 41.4),
        ("[declared]\ngreen_coverage = -0.1", "declared.green_coverage", -0.1),
        ('[declared]\ngreen_coverage = "120%"', "declared.green_coverage", "120%"),
        ('[declared]\ngreen_coverage = "41,4%"', "declared.green_coverage", "41,4%"),
        ("[supplied]\npark_area_per_capita = 'twelve'", "supplied.park_area_per_capita", "twelve"),
        ("[supplied]\npark_area_per_capita = -1", "supplied.park_area_per_capita", -1),
        ('[heat]\nstations = "s.csv"\nleast_share = 90', "heat.least_share", 90),
        ("targets = 3", "targets", 3),
        ("[targets.soon]\ngreen_coverage = 0.4", "targets.soon", "soon"),
        ("[targets]\n2027 = 0.4", "targets.2027", 0.4),
    ],
)
def test_a_value_that_will_not_do_is_named_with_its_key(tmp_path, text, key, found):
    first = text.startswith(("layers", "targets"))  # a key of the file, not of [city]
    error = refuse(tmp_path, f"{text}\n{CITY}" if first else CITY + text)

    assert error.problem.en.startswith(f"{key} ")
    assert f" {key} " in error.problem.zh
    assert "Input" not in error.problem.zh
    assert error.expected
    assert found is None or error.found == found


@pytest.mark.parametrize(
    ("written", "way", "value"),
    [('"m.tif"', "codes", None), ('{ path = "m.tif", codes = "sentinel2-scl" }', "codes",
     "sentinel2-scl"), ('{ path = "m.tif", values = [3, 8] }', "values", [3, 8]),
     ('{ path = "m.tif", bits = [3] }', "bits", [3])],
)  # fmt: skip
def test_a_mask_is_a_path_or_says_what_its_numbers_mean(tmp_path, written, way, value):
    (image,) = parse(tmp_path, f'{CITY}[[image]]\npath = "a"\nmask = {written}').image

    assert image.mask.path == "m.tif"
    assert getattr(image.mask, way) == value


def test_a_bare_percentage_is_refused_with_the_two_ways_to_write_it(tmp_path):
    error = refuse(tmp_path, CITY + "[declared]\ngreen_coverage = 41.4")

    assert 'green_coverage = "41.4%"' in error.remedy.zh
    assert "green_coverage = 0.414" in error.remedy.en


def test_a_city_without_a_name_is_refused(tmp_path):
    assert refuse(tmp_path, "[city]\npopulation = 5").expected == "city.name"
    assert refuse(tmp_path, "").expected == "city"
