"""Office files are archives that note the time of day; not these, so that the same report gives the same bytes."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Final

from results.outputs.typesetting import EPOCH

_CORE: Final = "docProps/core.xml"
_TIMES: Final = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:)")
_ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def still(archive: bytes) -> bytes:
    """Give an Office file again, with one fixed time in all places where the time of day stood."""
    moment = EPOCH.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as read, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as written:
        for name in read.namelist():
            content = read.read(name)
            if name == _CORE:
                content = _TIMES.sub(lambda found: found[1] + moment + found[3], content)
            info = zipfile.ZipInfo(name, EPOCH.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 0  # the same from every system
            written.writestr(info, content)
    return out.getvalue()


def legal(text: str) -> str:
    """Leave out what XML, and so an Office file, may not hold."""
    return _ILLEGAL.sub("", text)
