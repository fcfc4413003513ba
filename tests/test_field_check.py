"""From a map to places to visit, to a filled sheet, and back to an interval."""

from __future__ import annotations

from io import BytesIO

import geopandas as gpd
import numpy as np
import pytest
from affine import Affine
from openpyxl import load_workbook
from PIL import Image
from shapely import box

import greenspace as gs
from greenspace.errors import DataWarning, InputError
from greenspace.prepare.chips import chips_of, colours_of
from greenspace.present.field_sheet import chip_png
from greenspace.read.field_sheet import read_field_sheet
from tests.scene import write_raster

X, Y = 500_000.0, 3_400_000.0
SIDE = 1000.0
TOWN = gpd.GeoDataFrame(geometry=[box(X, Y, X + SIDE, Y + SIDE)], crs=4547)
WANTED = {"green": 20, "not_green": 10}
BANDS = {"blue": 1, "green": 2, "red": 3, "nir": 4}


@pytest.fixture
def image(tmp_path):
    """100 x 100 pixels of 10 m, the western 40 columns green, blue rising to the south."""
    rows = np.arange(100, dtype=np.uint16)[:, None] + np.zeros((1, 100), np.uint16)
    bands = [rows + 1, np.full((100, 100), 300), np.full((100, 100), 200), np.full((100, 100), 220)]
    stack = np.stack(bands).astype(np.uint16)
    stack[3, :, :40] = 900
    return write_raster(
        tmp_path / "image.tif", stack, transform=Affine(10, 0, X, 0, -10, Y + SIDE), nodata=0
    )


@pytest.fixture
def sample(image):
    green = gs.vegetation(image, bands=BANDS, threshold=0.2)
    return gs.draw_reference_sample(green, TOWN, points=WANTED, seed=7, chip_px=8)


def fill(path, answer, *, drop=(), keep=None):
    """Fill the class of each point by its number, as a surveyor would."""
    book = load_workbook(path)
    sheet = book.worksheets[0]
    for row in range(sheet.max_row, 0, -1):
        number = sheet.cell(row, 1).value
        if isinstance(number, int):
            sheet.cell(row, 6).value = answer(number)
            if number in drop:
                sheet.delete_rows(row)
    book.save(keep or path)


def test_the_same_seed_draws_the_same_points_in_the_map_s_classes(image, sample):
    points = sample.points
    assert points["map"].value_counts().to_dict() == WANTED
    assert (points["map"] == np.where(points.geometry.x < X + 400, "green", "not_green")).all()
    assert points["reference"].isna().all()
    again = gs.draw_reference_sample(
        gs.vegetation(image, bands=BANDS, threshold=0.2), TOWN, points=WANTED, seed=7, chip_px=8
    )
    assert again.points.geometry.equals(points.geometry)
    assert np.array_equal(again.chips, sample.chips)


def test_without_numbers_the_interval_decides(image):
    green = gs.vegetation(image, bands=BANDS, threshold=0.2)
    drawn = gs.draw_reference_sample(green, TOWN, seed=1, half_width=0.05)
    counts = drawn.points["map"].value_counts()
    # (1.96 / 0.05 * 0.3)^2 = 138.3: 56 and 83 by area
    assert (counts["green"], counts["not_green"]) == (56, 83)


def test_the_sheet_hides_what_the_map_says(sample, tmp_path):
    folder = sample.write(tmp_path / "field")
    book = load_workbook(folder / "field_sheet.xlsx")
    sheet = book.worksheets[0]
    assert sheet.title == "野外核查表"
    assert book["sample"].sheet_state == "veryHidden"
    shown = " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row)
    for row in sheet.iter_rows(min_row=5):
        assert [cell.value for cell in row[5:9]] == [None] * 4
    assert "not_green" not in shown
    assert "stratum" not in shown
    first = [cell.value for cell in sheet[5]]
    point = sample.points.iloc[0]
    assert first[:3] == [1, point.geometry.x, point.geometry.y]
    lonlat = sample.points.geometry.to_crs(4326).iloc[0]
    assert first[3:5] == pytest.approx([lonlat.x, lonlat.y])
    choice = sheet.data_validations.dataValidation[0]
    assert (choice.formula1, str(choice.sqref)) == ('"绿,非绿"', "F5:F34")
    assert len(sheet._images) == 30


def test_the_filled_sheet_and_the_filled_layer_say_the_same(image, sample, tmp_path):
    folder = sample.write(tmp_path / "field")
    truth = dict(zip(sample.points["id"], sample.points["map"] == "green", strict=True))
    wrong = {1, 2, 3}
    words = {n: "绿" if green != (n in wrong) else "非绿" for n, green in truth.items()}
    fill(folder / "field_sheet.xlsx", words.get)
    back = read_field_sheet(folder / "field_sheet.xlsx")
    assert back["reference"].tolist() == [words[n] for n in back["id"]]
    assert back.crs.to_epsg() == 4547
    assert back.geometry.geom_equals(sample.points.geometry).all()
    assert back["stratum_area_m2"].to_numpy() == pytest.approx(sample.points["stratum_area_m2"])

    layer = gpd.read_file(folder / "reference.gpkg")
    assert layer["reference"].isna().all()
    layer["reference"] = layer["id"].map(words)
    green = gs.vegetation(image, bands=BANDS, threshold=0.2)
    by_sheet, by_layer = (gs.assess(green, TOWN, points) for points in (back, layer))
    assert by_sheet.whole.interval == by_layer.whole.interval
    assert by_sheet.matrix.to_numpy().trace() == 27


def test_a_manifest_takes_the_sheet_with_blank_rows(sample, tmp_path):
    folder = sample.write(tmp_path / "field")
    fill(folder / "field_sheet.xlsx", lambda number: None if number == 4 else "绿")
    TOWN.to_file(tmp_path / "town.gpkg")
    (tmp_path / "city.toml").write_text(
        '[city]\nname = "清河"\n[layers.built_up]\npath = "town.gpkg"\n'
        '[accuracy]\nreference = "field/field_sheet.xlsx"\n',
        encoding="utf-8",
    )
    points = gs.read_city(tmp_path / "city.toml").accuracy.points
    again = gs.read_layer(folder / "field_sheet.xlsx", columns={"class": "reference"})
    assert again["class"].isna().sum() == 1
    assert points["reference"].isna().tolist() == [number == 4 for number in points["id"]]


@pytest.mark.parametrize("spoil", ["drop", "twice", "new"])
def test_numbers_that_were_changed_are_refused(sample, tmp_path, spoil):
    path = sample.write(tmp_path / "field") / "field_sheet.xlsx"
    book = load_workbook(path)
    sheet = book.worksheets[0]
    if spoil == "drop":
        sheet.delete_rows(9)  # the fifth
    else:
        sheet.cell(9, 1).value = {"twice": 6, "new": 777}[spoil]
    book.save(path)
    with pytest.raises(InputError) as caught:
        read_field_sheet(path)
    assert caught.value.rows == {"drop": (5,), "twice": (6,), "new": (5, 777)}[spoil]


def change(sheet, how):
    if how == "column":
        sheet.insert_cols(6)
        for row in range(5, sheet.max_row + 1):
            sheet.cell(row, 6).value = 1
    if how == "number":
        sheet.insert_cols(1)
    if how == "cover":
        sheet.parent.create_sheet("cover", 0)
    if how == "text":
        for row in range(5, sheet.max_row + 1):
            sheet.cell(row, 1).value = str(sheet.cell(row, 1).value)


@pytest.mark.parametrize("how", ["column", "number", "cover", "text"])
def test_answers_are_found_by_their_heading(sample, tmp_path, how):
    path = sample.write(tmp_path / "field") / "field_sheet.xlsx"
    fill(path, lambda number: "绿" if number % 3 else "非绿")
    book = load_workbook(path)
    change(book.worksheets[0], how)
    book.save(path)
    read = read_field_sheet(path)

    assert read["reference"].tolist() == ["绿" if n % 3 else "非绿" for n in read["id"]]


@pytest.mark.parametrize("spoil", ["renamed", "doubled", "copied"])
def test_headings_that_leave_a_doubt_are_refused(sample, tmp_path, spoil):
    path = sample.write(tmp_path / "field") / "field_sheet.xlsx"
    book = load_workbook(path)
    sheet = book.worksheets[0]
    assert sheet.cell(4, 6).value == "实际类别\nWhat is there"
    if spoil == "renamed":
        sheet.cell(4, 6).value = "class"
    if spoil == "doubled":
        sheet.cell(4, 9).value = "实际类别"
    if spoil == "copied":
        book.copy_worksheet(sheet)
    book.save(path)
    with pytest.raises(InputError) as caught:
        read_field_sheet(path)
    assert caught.value.expected == ("编号", "实际类别")


@pytest.mark.parametrize("content", [b"", b"no workbook", b"PK\x03\x04 broken"])
def test_what_is_no_sheet_is_refused(tmp_path, content):
    path = tmp_path / "sheet.xlsx"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_field_sheet(path)
    assert caught.value.layer == "reference"


def test_another_workbook_is_refused(tmp_path):
    from openpyxl import Workbook

    Workbook().save(tmp_path / "other.xlsx")
    with pytest.raises(InputError) as caught:
        read_field_sheet(tmp_path / "other.xlsx")
    assert caught.value.found == "Sheet"


def test_nothing_is_overwritten_without_force(sample, tmp_path):
    folder = sample.write(tmp_path / "field")
    (folder / "notes.txt").write_text("ours", encoding="utf-8")
    fill(folder / "field_sheet.xlsx", lambda _: "绿")
    filled = (folder / "field_sheet.xlsx").read_bytes()
    with pytest.raises(InputError) as caught:
        sample.write(folder)
    assert set(caught.value.rows) == {"field_sheet.xlsx", "reference.gpkg"}
    assert (folder / "field_sheet.xlsx").read_bytes() == filled
    sample.write(folder, force=True)
    assert read_field_sheet(folder / "field_sheet.xlsx")["reference"].isna().all()
    assert (folder / "notes.txt").read_text(encoding="utf-8") == "ours"
    assert sorted(path.name for path in folder.iterdir()) == [
        "field_sheet.xlsx",
        "notes.txt",
        "reference.gpkg",
    ]


def test_a_write_that_fails_leaves_nothing(sample, tmp_path, monkeypatch):
    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("openpyxl.Workbook.save", fail)
    with pytest.raises(InputError):
        sample.write(tmp_path / "field")
    assert not (tmp_path / "field").exists()


# --- chips


def test_colours_are_the_truest_there_are():
    assert colours_of(BANDS) == ("red", "green", "blue")
    assert colours_of({"red": 1, "nir": 2, "green": 3}) == ("nir", "red", "green")
    assert colours_of({"red": 1, "nir": 2}) == ("nir", "red", "red")
    assert colours_of({"green": 1}) is None


def test_a_chip_is_centred_on_its_point(image, sample):
    assert sample.colours.en == "true colour"
    assert sample.chips.shape == (30, 8, 8, 3)
    reader = gs.vegetation(image, bands=BANDS, threshold=0.2).reader.with_colours()
    point = sample.points.geometry.iloc[0]
    whole = chips_of(reader, BANDS_RGB, np.array([[X + 500, Y + 500]]), side_px=100)[0]
    chip = chips_of(reader, BANDS_RGB, np.array([[point.x, point.y]]), side_px=5)[0]
    # blue rises by one a row: within a chip the rows follow each other
    assert (np.diff(chip[:, 2, 2].astype(int)) > 0).all()
    assert (np.diff(whole[2:98, 2, 2].astype(int)) >= 0).all()


BANDS_RGB = ("red", "green", "blue")


def test_what_no_image_shows_is_grey(image):
    reader = gs.vegetation(image, bands=BANDS, threshold=0.2).reader.with_colours()
    at = np.array([[X + 5, Y + SIDE - 5], [X - 9000, Y]])
    corner, far = chips_of(reader, BANDS_RGB, at, side_px=4)
    assert (corner[:2] == 128).all()
    assert (corner[:, :2] == 128).all()
    assert not (corner[2:, 2:, 2] == 128).all()
    assert (far == 128).all()


def test_a_ready_map_has_no_picture_that_would_tell(tmp_path):
    values = np.zeros((100, 100), np.uint8)
    values[:, :40] = 1
    grid = Affine(10, 0, X, 0, -10, Y + SIDE)
    path = write_raster(tmp_path / "mask.tif", values, transform=grid, nodata=255)
    drawn = gs.draw_reference_sample(path, TOWN, points=WANTED, seed=7)
    assert drawn.chips is None
    assert (
        len(load_workbook(drawn.write(tmp_path / "f") / "field_sheet.xlsx").worksheets[0]._images)
        == 0
    )


def test_the_cross_leaves_the_middle_pixel_free():
    chip = np.zeros((9, 9, 3), np.uint8)
    chip[4, 4] = (255, 0, 0)
    picture = np.asarray(Image.open(BytesIO(chip_png(chip))))
    zoom = len(picture) // 9
    middle = picture[4 * zoom + 2 : 5 * zoom - 2, 4 * zoom + 2 : 5 * zoom - 2]
    assert (middle == (255, 0, 0)).all()
    assert (picture == (255, 255, 0)).all(axis=-1).any()


@pytest.mark.parametrize("side", [0, -1, 100_000])
def test_refuses_pictures_of_no_sensible_width(image, side):
    green = gs.vegetation(image, bands=BANDS, threshold=0.2)
    with pytest.raises(InputError):
        gs.draw_reference_sample(green, TOWN, points=WANTED, seed=1, chip_px=side)


def test_refuses_more_points_than_there_are_pixels(image):
    green = gs.vegetation(image, bands=BANDS, threshold=0.2)
    with pytest.raises(InputError):
        gs.draw_reference_sample(green, TOWN, points={"green": 5000}, seed=1)


@pytest.mark.parametrize("seed", [-1, "a", 1.5, True])
def test_a_seed_that_is_no_whole_number_is_refused(image, seed):
    green = gs.vegetation(image, bands=BANDS, threshold=0.2)
    with pytest.raises(InputError) as caught:
        gs.draw_reference_sample(green, TOWN, points=WANTED, seed=seed)
    assert caught.value.found == seed


@pytest.mark.parametrize("points", [100, {}, {"green": 10.7}, {"green": float("nan")}, {"tree": 3}])
def test_points_that_are_no_numbers_of_classes_are_refused(image, points):
    green = gs.vegetation(image, bands=BANDS, threshold=0.2)
    with pytest.raises(InputError) as caught:
        gs.draw_reference_sample(green, TOWN, points=points, seed=1)
    assert caught.value.expected == ["green", "not_green"]


def test_points_that_an_assessment_would_refuse_are_warned_of(image):
    green = gs.vegetation(image, bands=BANDS, threshold=0.2)
    with pytest.warns(DataWarning, match="not_green"):
        gs.draw_reference_sample(green, TOWN, points={"green": 5, "not_green": 1}, seed=1)


def test_zones_beside_the_image_are_refused(image):
    green = gs.vegetation(image, bands=BANDS, threshold=0.2)
    far = TOWN.set_geometry(TOWN.translate(1e5))
    with pytest.raises(InputError) as caught:
        gs.draw_reference_sample(green, far, points=WANTED, seed=1)
    assert caught.value.found == {"green": 0, "not_green": 0}
    assert "nothing to draw from" in str(caught.value)


def test_the_same_in_each_class_is_drawn_where_asked(image):
    green = gs.vegetation(image, bands=BANDS, threshold=0.2)
    drawn = gs.draw_reference_sample(
        green, TOWN, seed=1, half_width=0.08, allocation="equal", chip_px=1
    )
    assert drawn.points["stratum"].value_counts().nunique() == 1
