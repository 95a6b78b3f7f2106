"""The package that an admin uploads to Teams: the manifest and two pictures, in a ZIP file."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any, Final

from adapters.teams.icons import color_icon, outline_icon
from adapters.teams.manifest import COLOR, OUTLINE

# The first day that a ZIP file can name. With it, the same input makes the same file.
LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)
_UNIX: Final = 3
_READABLE: Final = 0o644 << 16


def packed(manifest: dict[str, Any]) -> bytes:
    """The file's bytes: the same for the same manifest."""
    parts = {
        "manifest.json": (json.dumps(manifest, indent=2, ensure_ascii=False) + "\n").encode(),
        COLOR: color_icon(),
        OUTLINE: outline_icon(),
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as package:
        for name, content in parts.items():
            part = zipfile.ZipInfo(name, LONG_AGO)
            part.create_system, part.external_attr = _UNIX, _READABLE
            package.writestr(part, content)
    return file.getvalue()
