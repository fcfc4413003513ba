"""Tables of stations: what is understood, what is refused, and which rows are named."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

import greenspace as gs
from greenspace.errors import ColumnError, EncodingError, InputError
from greenspace.read.stations import Layout, read_stations, stations_of

HEAD = "station,date,tmax_c,zone"
ROWS = ("A,2026-06-01,33.5,urban", "B,2026-06-01,31.5,hinterland")


def write(folder, *lines, name="stations.csv", encoding="utf-8"):
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding=encoding)
    return path


def read(folder, *lines, layout=None):
    return read_stations(write(folder, HEAD, *lines), layout or Layout())


def refused(error, folder, *lines, layout=None):
    with pytest.raises(error) as refusal:
        read(folder, *lines, layout=layout)
    for language in ("zh", "en"):
        assert refusal.value.remedy.of(language) in refusal.value.sentence(language)
    return refusal.value


def test_a_row_is_a_station_a_day_and_a_maximum(tmp_path):
    days, findings = read(tmp_path, *ROWS)

    assert days.to_dict("records") == [
        {"station": "A", "date": pd.Timestamp(2026, 6, 1), "tmax_c": 33.5, "zone": "urban"},
        {"station": "B", "date": pd.Timestamp(2026, 6, 1), "tmax_c": 31.5, "zone": "hinterland"},
    ]
    assert findings == ()


def test_chinese_names_in_gbk(tmp_path):
    lines = (
        "站名,日期,日最高气温(℃),城郊",
        "城中站,2026年6月1日,33.5,城区",
        "林场,2026年6月1日,31.5,郊区",
    )
    days, findings = read_stations(write(tmp_path, *lines, encoding="gbk"), Layout())

    assert days["station"].tolist() == ["城中站", "林场"]
    assert days["zone"].tolist() == ["urban", "hinterland"]
    assert [(item.code, item.layer) for item in findings] == [("encoding_detected", "stations")]


@pytest.mark.parametrize(
    "written",
    [
        "2026-06-01",
        "2026/6/1",
        "2026.6.1",
        "20260601",
        "2026年6月1日",
        "2026-06-01 20:00",
        "\uff12\uff10\uff12\uff16-06-01",
    ],
)
def test_days_as_people_write_them(tmp_path, written):
    days, _ = read(tmp_path, f"A,{written},30,urban", ROWS[1])

    assert days["date"].iloc[0] == pd.Timestamp(2026, 6, 1)


@pytest.mark.parametrize(
    "written",
    ["06/01/2026", "01.06.2026", "2026-06-31", "2026-13-01", "46174", "June", "", "2026-06/01"],
)
def test_refuses_days_that_could_be_others(tmp_path, written):
    error = refused(ColumnError, tmp_path, ROWS[0], f"B,{written},30,urban")

    assert (error.column, error.rows) == ("date", (1,))


@pytest.mark.parametrize("written", ["", "NA", "-", "缺测", "nan"])
def test_what_was_not_measured_is_missing(tmp_path, written):
    days, _ = read(tmp_path, f"A,2026-06-01,{written},urban", ROWS[1])

    assert np.isnan(days["tmax_c"].iloc[0])


@pytest.mark.parametrize(
    ("values", "likely"),
    [
        ((86.4, 61.2), "Fahrenheit"),
        ((306.15, 304.4), "kelvin"),
        ((335, 351), "tenths"),
        ((33.5, 999.9), "code"),
        ((33.5, -9999), "code"),
        ((32766, 32766), "code"),
    ],
)
def test_refuses_other_units_and_names_the_likely_one(tmp_path, values, likely):
    lines = [f"{name},2026-06-01,{v},urban" for name, v in zip("AB", values, strict=True)]
    error = refused(ColumnError, tmp_path, *lines, ROWS[1].replace("B,", "C,"))

    assert likely in error.problem.en
    assert error.column == "tmax_c"
    assert set(error.rows) <= {0, 1}


@pytest.mark.parametrize("written", ["33,5", "warm", "1e1", "inf", "33.5℃"])
def test_refuses_temperatures_that_are_no_numbers(tmp_path, written):
    error = refused(ColumnError, tmp_path, f'A,2026-06-01,"{written}",urban', ROWS[1])

    assert error.rows == (0,)


def test_the_same_day_twice_is_taken_once_and_counted(tmp_path):
    days, (finding,) = read(tmp_path, *ROWS, ROWS[0], "B,2026-06-01,,hinterland")

    assert days["tmax_c"].tolist() == [33.5, 31.5]
    assert (finding.code, finding.count, finding.rows) == ("station_day_repeated", 2, (2, 3))


def test_refuses_a_day_that_contradicts_itself(tmp_path):
    error = refused(InputError, tmp_path, *ROWS, "A,2026/6/1,33.6,urban")

    assert (error.rows, error.found) == ((0, 2), (33.5, 33.6))


@pytest.mark.parametrize("zone", ["urban", "hinterland"])
def test_refuses_a_record_of_one_side(tmp_path, zone):
    error = refused(InputError, tmp_path, f"A,2026-06-01,33,{zone}", f"B,2026-06-01,32,{zone}")

    assert error.found == (zone,)


def test_refuses_a_side_that_is_neither_and_a_station_on_both(tmp_path):
    odd = refused(ColumnError, tmp_path, *ROWS, "C,2026-06-01,33,airport")
    torn = refused(ColumnError, tmp_path, *ROWS, "A,2026-06-02,33,郊区")

    assert (odd.rows, odd.found) == ((2,), "airport")
    assert (torn.rows, torn.found) == ((0, 2), "A")


def test_lists_of_stations_stand_in_for_a_column(tmp_path):
    path = write(
        tmp_path, "站号,日期,最高气温", "54511,2026-06-01,33", "1,2026-06-01,31", "2,2026-06-01,9"
    )
    days, (finding,) = read_stations(path, Layout(urban=("54511",), hinterland=("1",)))

    assert days["zone"].tolist() == ["urban", "hinterland"]
    assert (finding.code, finding.rows) == ("station_left_out", ("2",))
    with pytest.raises(InputError) as refusal:
        read_stations(path, Layout(urban=("54511",), hinterland=("7",)))
    assert refusal.value.expected == "7"


@pytest.mark.parametrize("lists", [{"urban": ("A",)}, {"urban": ("A",), "hinterland": ("A", "B")}])
def test_refuses_lists_that_are_half_or_share_a_station(lists):
    with pytest.raises(InputError):
        Layout(**lists)


def test_columns_may_be_named_and_must_be_there_once(tmp_path):
    path = write(tmp_path, "id,when,t,side", *ROWS)
    named = {"station": "id", "date": "when", "tmax": "t", "zone": "side"}

    assert len(read_stations(path, Layout(columns=named))[0]) == 2
    for columns in ({}, named | {"date": "day"}):
        with pytest.raises(ColumnError):
            read_stations(path, Layout(columns=columns))
    with pytest.raises(ColumnError):
        Layout(columns={"tmin": "t"})
    twice = write(tmp_path, "station,date,tmax_c,zone,zone", *(f"{row},urban" for row in ROWS))
    with pytest.raises(ColumnError):
        read_stations(twice, Layout())
    two = write(tmp_path, "station,date,tmax_c,tmax,zone", *ROWS)
    with pytest.raises(InputError):
        read_stations(two, Layout())


def test_refuses_files_that_are_no_tables_of_text(tmp_path):
    sheet = tmp_path / "stations.xlsx"
    sheet.write_bytes(b"PK")
    binary = tmp_path / "stations.csv"
    binary.write_bytes(b"\xff\x00\x81\x8d\x00" * 9)

    for path, error in ((sheet, InputError), (binary, EncodingError), (tmp_path, InputError)):
        with pytest.raises(error):
            read_stations(path, Layout())
    refused(InputError, tmp_path)
    refused(ColumnError, tmp_path, ",2026-06-01,33,urban", *ROWS)


def test_a_frame_with_dates_and_numbers_will_do():
    frame = pd.DataFrame(
        {
            "station": [54511.0, 54511.0, 1.0],
            "date": [dt.date(2026, 6, 1), pd.Timestamp("2026-06-02 20:00"), "2026-06-01"],
            "tmax": [33, None, 31.5],
            "zone": ["urban", "urban", "rural"],
        }
    )
    before = frame.copy()
    days, _ = stations_of(frame, Layout())

    assert days["station"].tolist() == ["54511", "54511", "1"]
    assert days["date"].dt.day.tolist() == [1, 2, 1]
    pd.testing.assert_frame_equal(frame, before)


def test_the_public_function_reads_a_file_and_a_frame_alike(tmp_path):
    days = pd.date_range("2026-06-01", "2026-08-31")
    frame = pd.concat(
        pd.DataFrame({"station": name, "date": days, "tmax_c": tmax, "zone": zone})
        for name, zone, tmax in (("A", "urban", 33.25), ("B", "hinterland", 31.0))
    )
    path = tmp_path / "stations.csv"
    frame.to_csv(path, index=False)

    by_file, by_frame = gs.heat_island(path), gs.heat_island(frame, year=2026)
    assert by_file.value == by_frame.value == 2.25
    assert by_file.sources[0].sha256
    bare = frame.drop(columns="zone")
    assert gs.heat_island(bare, urban=["B"], hinterland=["A"]).value == -2.25


def test_lists_that_a_column_of_sides_gainsays_are_refused(tmp_path):
    lists = Layout(urban=("B",), hinterland=("A",))
    error = refused(InputError, tmp_path, *ROWS, layout=lists)

    assert (error.column, error.rows, error.found) == ("zone", (0, 1), "urban")
    other = [row.replace("urban", "airport") for row in ROWS[:1]]
    days, _ = read(
        tmp_path, *other, "C,2026-06-01,30,urban", layout=Layout(urban=("C",), hinterland=("A",))
    )
    assert days["zone"].tolist() == ["hinterland", "urban"]


def test_blank_rows_are_left_out_and_counted(tmp_path):
    days, (finding,) = read(tmp_path, *ROWS, ",,,", " ,,, ")

    assert len(days) == 2
    assert (finding.code, finding.count, finding.rows) == ("rows_blank", 2, (2, 3))
    refused(InputError, tmp_path, ",,,")
    refused(ColumnError, tmp_path, *ROWS, ",,30,")


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai"])
def test_refuses_moments_in_a_time_zone(zone):
    midnight = pd.Timestamp("2026-06-01", tz="Asia/Shanghai").tz_convert(zone)
    frame = pd.DataFrame({"station": ["A"], "date": [midnight], "tmax": [30.0], "zone": ["urban"]})
    with pytest.raises(ColumnError) as refusal:
        stations_of(frame, Layout())

    assert (refusal.value.column, refusal.value.rows) == ("date", (0,))


def test_narrow_floats_are_the_decimals_that_they_show():
    frame = pd.DataFrame(
        {
            "station": ["A", "B"],
            "date": ["2026-06-01"] * 2,
            "tmax": np.array([32.1, 29.6], dtype="float32"),
            "zone": ["urban", "rural"],
        }
    )

    assert stations_of(frame, Layout())[0]["tmax_c"].tolist() == [32.1, 29.6]


@pytest.mark.parametrize("stations", [None, {"station": ["A"]}, 7])
def test_the_public_function_refuses_what_is_no_table(stations):
    with pytest.raises(InputError):
        gs.heat_island(stations)


def test_stations_may_be_listed_by_number_and_one_by_its_name():
    days = pd.date_range("2026-06-01", "2026-08-31")
    frame = pd.concat(
        pd.DataFrame({"station": number, "date": days, "tmax_c": tmax})
        for number, tmax in ((54511, 33.25), (7, 31.0))
    )

    assert gs.heat_island(frame, urban=[54511], hinterland="7").value == 2.25
