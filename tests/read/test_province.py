"""Lists of cities: every id is one folder, and what is wrong is said with its place."""

from __future__ import annotations

import pytest

from greenspace.errors import InputError, ManifestError
from greenspace.read.province import is_folder_name, read_province
from tests.province import write_city


def listed(folder, text, encoding="utf-8"):
    path = folder / "province.toml"
    path.write_text(text, encoding=encoding)
    return path


def city(folder):
    folder.mkdir(parents=True)
    (folder / "city.toml").write_text("", encoding="utf-8")


def test_a_city_goes_by_its_id_or_the_folder_of_its_manifest(tmp_path):
    path = listed(
        tmp_path,
        """
        [[city]]
        manifest = "清河/city.toml"
        [[city]]
        id = "second"
        manifest = 'b\\city.toml'
        """,
    )

    first, second = read_province(path)

    assert (first.id, first.named) == ("清河", "清河/city.toml")
    assert first.manifest == tmp_path / "清河" / "city.toml"
    assert (second.id, second.manifest) == ("second", tmp_path / "b" / "city.toml")


def test_a_folder_in_the_place_of_a_manifest_means_the_city_toml_in_it(tmp_path):
    city(tmp_path / "a")

    (found,) = read_province(listed(tmp_path, '[[city]]\nmanifest = "a"'))

    assert (found.id, found.manifest) == ("a", tmp_path / "a" / "city.toml")


def test_a_folder_stands_for_every_manifest_below_it_in_order(tmp_path):
    for name in ("west/b", "a", "west/c/d"):
        city(tmp_path / name)

    assert [found.id for found in read_province(tmp_path)] == ["a", "b", "d"]


def test_manifests_may_be_named_one_by_one(tmp_path):
    city(tmp_path / "b")
    city(tmp_path / "a")

    found = read_province([tmp_path / "b", tmp_path / "a" / "city.toml"])

    assert [item.id for item in found] == ["b", "a"]


def test_a_folder_that_has_a_list_is_not_searched(tmp_path):
    city(tmp_path / "a")
    listed(tmp_path, '[[city]]\nmanifest = "a"\nid = "z"')

    with pytest.raises(InputError) as refused:
        read_province(tmp_path)
    assert "province.toml" in refused.value.remedy.en


@pytest.mark.parametrize(
    "pair", [("a", "a"), ("a", "A"), ("ré", "re\u0301"), ("STRASSE", "straße")]
)
def test_two_cities_of_one_id_are_refused_by_both_names(tmp_path, pair):
    tables = (f'[[city]]\nid = "{name}"\nmanifest = "{n}/city.toml"' for n, name in enumerate(pair))

    with pytest.raises(ManifestError) as refused:
        read_province(listed(tmp_path, "\n".join(tables)))
    assert refused.value.rows == ("0/city.toml", "1/city.toml")


def test_two_folders_of_one_name_are_refused_too(tmp_path):
    city(tmp_path / "east" / "a")
    city(tmp_path / "west" / "a")

    with pytest.raises(ManifestError) as refused:
        read_province(tmp_path)
    assert refused.value.rows == ("east/a/city.toml", "west/a/city.toml")


@pytest.mark.parametrize(
    "name",
    [
        *("", ".", "..", "a/b", "a\\b", "/a", "C:", "NUL", "con.txt", "league", "LEAGUE"),
        *(".a", "a.", " a", "a\n", "a\x1b[31m", "好" * 70, "a\u200b"),
    ],
)
def test_no_id_leads_out_of_the_folder_or_onto_another_thing(tmp_path, name):
    assert not is_folder_name(name)
    written = name.encode("unicode_escape").decode().replace("\\x", "\\u00")
    if name.isprintable() and "\\" not in name:
        written = name
    path = listed(tmp_path, f'[[city]]\nid = "{written}"\nmanifest = "a/city.toml"')

    with pytest.raises(ManifestError):
        read_province(path)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('[[city]]\nmanifest = "a/city.toml"\n[[city]\n', (3, 7)),
        ('[[citys]]\nmanifest = "a"', "citys"),
        ('[[city]]\nmanifest = "a"\nnmae = "b"', "nmae"),
        ("[[city]]\nmanifest = 3", 3),
        ("city = 3", 3),
    ],
)
def test_what_is_wrong_with_a_list_ends_the_run_with_its_place(tmp_path, text, found):
    path = listed(tmp_path, text)

    with pytest.raises(ManifestError) as refused:
        read_province(path)
    assert refused.value.found == found
    assert refused.value.file == str(path)
    assert refused.value.remedy is not None


def test_a_city_without_a_manifest_is_refused(tmp_path):
    with pytest.raises(ManifestError) as refused:
        read_province(listed(tmp_path, '[[city]]\nid = "a"'))
    assert refused.value.expected == "city[1].manifest"


def test_a_list_saved_as_gbk_is_told_from_one_in_utf_8(tmp_path):
    with pytest.raises(ManifestError) as refused:
        read_province(listed(tmp_path, '[[city]]\nmanifest = "清河/city.toml"', "gbk"))
    assert (refused.value.expected, refused.value.found) == ("UTF-8", "GBK")


def test_a_path_with_an_escape_in_it_is_refused(tmp_path):
    with pytest.raises(ManifestError) as refused:
        read_province(listed(tmp_path, '[[city]]\nmanifest = "D:\\new\\city.toml"'))
    assert refused.value.found[0] == 2


@pytest.mark.parametrize("text", ["", "city = []"])
def test_an_empty_list_is_refused(tmp_path, text):
    with pytest.raises(ManifestError) as refused:
        read_province(listed(tmp_path, text))
    assert refused.value.expected == "[[city]]"


def test_an_empty_folder_and_a_list_that_is_not_there_are_refused(tmp_path):
    with pytest.raises(ManifestError):
        read_province(tmp_path)
    with pytest.raises(InputError):
        read_province(tmp_path / "province.toml")


def test_one_manifest_under_two_ids_is_refused(tmp_path):
    write_city(tmp_path / "a")
    path = tmp_path / "province.toml"
    path.write_text(
        '[[city]]\nmanifest = "a/city.toml"\n[[city]]\nmanifest = "a"\nid = "b"\n', encoding="utf-8"
    )
    with pytest.raises(ManifestError) as refused:
        read_province(path)
    assert refused.value.rows == ("a/city.toml", "a")


@pytest.mark.parametrize(
    "named", ["https://a.example/city.toml", "~/city.toml", "*/city.toml", "D:\\data\\city.toml"]
)
def test_what_is_no_path_of_this_system_is_refused(tmp_path, named):
    path = tmp_path / "province.toml"
    path.write_text(f"[[city]]\nmanifest = '{named}'\n", encoding="utf-8")
    with pytest.raises(ManifestError) as refused:
        read_province(path)
    assert refused.value.found == named


@pytest.mark.parametrize("named", [None, 5, b"x", [None], []])
def test_what_names_no_cities_is_refused(named):
    with pytest.raises(InputError):
        read_province(named)


def test_manifests_are_found_whatever_their_case(tmp_path):
    write_city(tmp_path / "a").rename(tmp_path / "a" / "City.TOML")
    assert [entry.id for entry in read_province(tmp_path)] == ["a"]
