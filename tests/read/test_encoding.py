"""The encoding of a table's text, by hand and by property: right, told, or refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenspace.errors import EncodingError
from greenspace.read.codepages import LANGUAGE_BYTES, codec_of
from greenspace.read.encoding import choose_encoding, decode_text, decodes, is_chinese

PATH = Path("parks.shp")
TOLD = {"encoding_detected", "encoding_doubtful", "encoding_contradicted", "encoding_unknown"}
FIRST_LEVEL = [  # the 3755 characters of GB2312 that Chinese is mostly written in
    char
    for row in range(0xB0, 0xD8)
    for cell in range(0xA1, 0xFF)
    if (char := bytes([row, cell]).decode("gb2312", "ignore"))
]
NAMES = st.lists(st.text(st.sampled_from(FIRST_LEVEL), min_size=1, max_size=12), min_size=1)
LATIN_TEXTS = st.lists(
    st.text(st.characters(codec="iso8859-1", exclude_categories=["C", "Z"]), min_size=1), min_size=1
)
PLACES = ["Conceição", "São João", "Água Fria", "Café", "Düsseldorf", "Straße", "Orléans", "Île"]


def choose(words, *, written, given=None, cpg=None, language=0):
    texts = {word.encode(written): False for word in words if not word.isascii()}
    cpg = None if cpg is None else cpg.encode()
    return choose_encoding(PATH, texts, given=given, cpg=cpg, language=language)


def codes(choice):
    return [finding.code for finding in choice.findings]


@pytest.mark.parametrize(
    ("spelling", "codec"),
    [
        *dict.fromkeys(["UTF-8", "utf8", "65001", " UTF-8\r\n", "CP65001"], "utf-8").items(),
        *dict.fromkeys(["OEM 936", "936", "GBK", "GB2312", "CP936"], "gb18030").items(),
        *dict.fromkeys(["gb18030", "ANSI 936", "ms936", "54936", "GB18030"], "gb18030").items(),
        *dict.fromkeys(["ISO 88591", "ISO-8859-1", "8859-1", "88591"], "iso8859-1").items(),
        *dict.fromkeys(["ANSI 1252", "windows-1252", "1252", "cp1252"], "cp1252").items(),
        *dict.fromkeys(["950", "OEM 950"], "cp950").items(),
        *dict.fromkeys(["", "rot13", "utf-16", "utf-7", "cp037", "a\0b", "99999"]).items(),
    ],
)
def test_a_spelling_means_one_codec_or_none(spelling, codec):
    assert codec_of(spelling) == codec


@pytest.mark.parametrize(
    ("byte", "codec"),
    [(0x4D, "gb18030"), (0x4E, "cp949"), (0x4F, "cp950"), (0x7B, "cp932"), (0x59, "cp1252")],
)
def test_a_language_byte_means_a_code_page(byte, codec):
    assert LANGUAGE_BYTES[byte] == codec


@pytest.mark.parametrize("byte", [0x00, 0x03, 0x57])
def test_the_bytes_that_every_program_writes_decide_nothing(byte):
    assert byte not in LANGUAGE_BYTES
    assert codes(choose(["人民公园"], written="gbk", language=byte)) == ["encoding_detected"]


def test_every_code_page_is_one_that_python_has():
    assert {codec_of(page) for page in LANGUAGE_BYTES.values()} == set(LANGUAGE_BYTES.values())


def test_the_user_comes_before_the_cpg_and_the_cpg_before_the_language_byte():
    words = ["人民公园"]
    assert choose(words, written="gbk", given="GBK", cpg="UTF-8").findings == ()
    said = choose(words, written="gbk", cpg="GBK", language=0x4F)
    assert (said.codec, codes(said)) == ("gb18030", ["encoding_said"])
    assert "parks.cpg says GBK" in said.findings[0].text.en
    assert said.findings[0].severity == "note"
    byte = choose(words, written="gbk", language=0x4D)
    assert "parks.dbf says 0x4D" in byte.findings[0].text.en


@pytest.mark.parametrize("cpg", ["UTF-8", "nonsense", "ISO-8859-1", "ANSI 1252", "utf-16"])
def test_a_cpg_that_is_wrong_of_chinese_is_told_and_not_followed(cpg):
    choice = choose(["人民公园", "滨河绿地"], written="gbk", cpg=cpg)
    assert choice.codec == "gb18030"
    assert codes(choice) == ["encoding_contradicted", "encoding_detected"]
    assert {finding.severity for finding in choice.findings} == {"warning"}


@pytest.mark.parametrize("cpg", ["GBK", "ISO-8859-1"])
def test_a_cpg_that_is_wrong_of_utf8_is_told_and_not_followed(cpg):
    choice = choose(["人民公园", "滨河绿地"], written="utf-8", cpg=cpg)
    assert choice.codec == "utf-8"
    assert codes(choice)[0] == "encoding_contradicted"


def test_the_language_byte_holds_where_the_cpg_does_not():
    choice = choose(["人民公园"], written="gbk", cpg="UTF-8", language=0x4D)
    assert codes(choice) == ["encoding_contradicted", "encoding_said"]


def test_a_wrong_cpg_of_text_that_is_nothing_known_is_refused():
    with pytest.raises(EncodingError, match=r"parks\.cpg says UTF-8"):
        choose(PLACES, written="iso8859-1", cpg="UTF-8")


def test_a_control_character_in_a_cpg_reaches_nobody():
    choice = choose(["人民公园"], written="gbk", cpg="\x1b[2J")
    assert "\x1b" not in choice.findings[0].text.zh


def test_text_that_is_as_good_in_both_is_refused_until_somebody_says():
    # 模 is C4 A3 in GBK, which in UTF-8 is ģ
    with pytest.raises(EncodingError, match="alike"):
        choose(["模"], written="gbk")
    assert choose(["模"], written="gbk", given="gbk").codec == "gb18030"
    assert codes(choose(["模"], written="gbk", cpg="GBK")) == ["encoding_doubtful"]


def test_korean_said_of_chinese_is_doubted():
    assert codes(choose(["人民公园"], written="gbk", language=0x4E)) == ["encoding_doubtful"]


def test_big5_that_says_so_is_read():
    choice = choose(["人民公園", "淡水"], written="big5", cpg="Big5")
    assert "人民公園".encode("big5").decode(choice.codec) == "人民公園"


@pytest.mark.parametrize("written", ["iso8859-1", "utf-8"])
def test_latin_words_are_not_chinese(written):
    words = [word.encode(written) for word in PLACES]
    assert not is_chinese(words)
    assert not any(is_chinese([word]) for word in words)


def test_latin_words_without_a_word_on_it_are_read_with_a_warning():
    choice = choose(PLACES, written="iso8859-1")
    assert (choice.codec, codes(choice)) == ("iso8859-1", ["encoding_unknown"])


@pytest.mark.parametrize(
    "word", ["A区绿地", "G1类公园", "wifi公园广场", "（一）号地块", "王喆纪念公园"]
)
def test_chinese_with_letters_and_a_rare_character_is_chinese(word):
    assert is_chinese([word.encode("gb18030")])


def test_only_a_full_field_may_end_in_half_a_character():
    for codec in ("utf-8", "gb18030"):
        half = "公园绿地".encode(codec)[:-1]
        assert decode_text(half, codec, filled=True)[0] == "公园绿"
        assert not decodes({half: False}, codec)
        assert not decodes({half + b"x" * 3: True}, codec) or codec == "gb18030"


@given(NAMES, st.sampled_from(["gbk", "utf-8"]), st.sampled_from([0, 3, 0x57, 0x4D]), st.data())
def test_chinese_comes_back_or_somebody_is_told(names, written, language, data):
    cpg = data.draw(st.sampled_from([None, "UTF-8", "GBK", "ISO-8859-1", "OEM 936", "?"]))
    try:
        choice = choose(names, written=written, cpg=cpg, language=language)
    except EncodingError:
        return
    back = [name.encode(written).decode(choice.codec) for name in names]
    assert back == names or TOLD & set(codes(choice))


@given(NAMES, st.sampled_from(["gbk", "utf-8"]))
def test_chinese_that_says_what_it_is_comes_back(names, written):
    choice = choose(names, written=written, cpg=written)
    assert [name.encode(written).decode(choice.codec) for name in names] == names


@given(LATIN_TEXTS)
def test_latin_text_never_becomes_chinese_in_silence(words):
    try:
        choice = choose(words, written="iso8859-1")
    except EncodingError:
        return
    assert all(word.isascii() for word in words) or TOLD & set(codes(choice))


@pytest.mark.parametrize(
    ("words", "written"),
    [(["人民公園"], "big5"), (["さくら", "みどりの"], "euc_jp"), (["カタカナ"], "euc_jp")],
)
def test_kana_and_private_characters_do_not_speak_for_chinese(words, written):
    texts = [word.encode(written) for word in words]
    assert decodes(dict.fromkeys(texts, False), "gb18030")
    assert not is_chinese(texts)
    assert codes(choose(words, written=written)) == ["encoding_unknown"]
