"""The app's two pictures, drawn: a heart, white on the accent colour, and its outline."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from typing import Final

from adapters.teams.manifest import ACCENT

# learn.microsoft.com/microsoftteams/platform/concepts/build-and-test/apps-package
COLOR_SIDE, OUTLINE_SIDE = 192, 32
# How many points of a pixel are looked at, each way, so that edges are smooth.
POINTS: Final = 4
SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_RGBA: Final = 6
WHITE: Final = (255, 255, 255)

Rgb = tuple[int, int, int]
# Whether a point is in a shape; x and y go from -1 to 1, upwards and to the right.
Shape = Callable[[float, float], bool]


def color_icon() -> bytes:
    """192 by 192 pixels, full to the corners: Teams rounds them."""
    accent = (int(ACCENT[1:3], 16), int(ACCENT[3:5], 16), int(ACCENT[5:7], 16))

    def pixel(cover: float) -> bytes:
        mixed = (round(back + (255 - back) * cover) for back in accent)
        return bytes((*mixed, 255))

    return _png(COLOR_SIDE, lambda x, y: _in_heart(x, y, 0.52), pixel)


def outline_icon() -> bytes:
    """32 by 32 pixels, white on nothing."""

    def shape(x: float, y: float) -> bool:
        return _in_heart(x, y, 0.92) and not _in_heart(x, y, 0.68)

    return _png(OUTLINE_SIDE, shape, lambda cover: bytes((*WHITE, round(255 * cover))))


def _in_heart(x: float, y: float, size: float) -> bool:
    """The curve (x² + y² - 1)³ = x² y³, `size` from its middle to its sides."""
    x, y = x * 1.15 / size, y * 1.15 / size + 0.12
    return (x * x + y * y - 1) ** 3 <= x * x * y**3


def _png(side: int, shape: Shape, pixel: Callable[[float], bytes]) -> bytes:
    """`pixel` has the colour of a pixel that the shape covers so much of, from 0 to 1."""
    lines = (
        b"\0" + b"".join(pixel(_cover(side, shape, column, row)) for column in range(side))
        for row in range(side)
    )
    header = struct.pack(">IIBBBBB", side, side, 8, _RGBA, 0, 0, 0)
    picture = zlib.compress(b"".join(lines), 9)
    return SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", picture) + _chunk(b"IEND", b"")


def _cover(side: int, shape: Shape, column: int, row: int) -> float:
    offsets = [(index + 0.5) / POINTS for index in range(POINTS)]
    inside = sum(
        shape(2 * (column + right) / side - 1, 1 - 2 * (row + down) / side)
        for right in offsets
        for down in offsets
    )
    return inside / (POINTS * POINTS)


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)
