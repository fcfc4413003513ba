"""Fixed zip: office files whose bytes do not depend on when they were written.

Question   How is the same check the same file tomorrow?
Enters     The bytes of a .docx or .xlsx.
Leaves     The same parts, every date in them and around them fixed.
Elsewhere  The files: document, workbook.
"""

from __future__ import annotations

import re
import zipfile
from datetime import UTC, datetime
from io import BytesIO
from typing import Final

BEGINNING: Final = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
ZIP_DAY: Final = (2000, 1, 1, 0, 0, 0)
CORE: Final = "docProps/core.xml"
TIMES: Final = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def without_times(data: bytes) -> bytes:
    """Return an office file with all its times set to one day."""
    packed = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as parts, zipfile.ZipFile(packed, "w") as fixed:
        for name in parts.namelist():
            part = parts.read(name)
            if name == CORE:
                part = TIMES.sub(rb"\g<1>" + f"{BEGINNING:%Y-%m-%dT%H:%M:%S}Z".encode(), part)
            fixed.writestr(zipfile.ZipInfo(name, ZIP_DAY), part, zipfile.ZIP_DEFLATED)
    return packed.getvalue()
