"""Checksums: a file, with what says how it is read."""

from __future__ import annotations

import hashlib

import pytest

from greenspace.read.files import sha256_alone, sha256_of


@pytest.mark.parametrize(
    ("name", "content", "counts"),
    [
        ("image.tfw", b"2\n0\n0\n-2\n0\n0\n", True),
        ("image.TFW", b"2\n0\n0\n-2\n0\n0\n", True),
        ("image.wld", b"2\n0\n0\n-2\n0\n0\n", True),
        ("image.tif.msk", b"II*\0", True),
        ("image.tif.aux.xml", b"<PAMDataset><NoDataValue>7</NoDataValue></PAMDataset>", True),
        ("image.tif.aux.xml", b"<Metadata><MDI key='NODATA_VALUES'>0 0</MDI></Metadata>", True),
        (
            "image.tif.aux.xml",
            b"<PAMDataset><Metadata><MDI key='STATISTICS_MEAN'/></Metadata>",
            False,
        ),
        ("other.tfw", b"2\n0\n0\n-2\n0\n0\n", False),
        ("image.txt", b"notes", False),
    ],
)
def test_what_says_how_an_image_is_read_belongs_to_its_checksum(tmp_path, name, content, counts):
    image = tmp_path / "image.tif"
    image.write_bytes(b"pixels")
    alone = sha256_of(image)
    assert alone == hashlib.sha256(b"pixels").hexdigest()

    (tmp_path / name).write_bytes(content)

    assert (sha256_of(image) != alone) is counts
    assert sha256_alone(image) == alone
