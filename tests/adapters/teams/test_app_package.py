"""The package that an admin uploads, read as Teams would read it."""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from collections import Counter
from typing import Any

import pytest

from adapters.teams.app_package import packed
from adapters.teams.icons import color_icon, outline_icon
from adapters.teams.manifest import ACCENT

MADE: dict[str, Any] = {"name": {"short": "Wärme"}}


def pixels(png: bytes) -> tuple[int, int, list[tuple[int, ...]]]:
    """Width, height, and every pixel as red, green, blue and alpha. Checks each part's sum."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    parts, at = {}, 8
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        kind, content = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        assert struct.unpack_from(">I", png, at + 8 + length) == (zlib.crc32(kind + content),)
        parts[kind] = content
        at += length + 12
    width, height, depth, colours, *rest = struct.unpack(">IIBBBBB", parts[b"IHDR"])
    assert (depth, colours, rest) == (8, 6, [0, 0, 0])
    raw = zlib.decompress(parts[b"IDAT"])
    line = 1 + 4 * width
    found = []
    for row in range(height):
        assert raw[row * line] == 0, "no line is filtered"
        found += list(struct.iter_unpack("4B", raw[row * line + 1 : (row + 1) * line]))
    assert len(raw) == height * line
    return width, height, found


def test_it_holds_the_manifest_and_both_pictures_and_nothing_else() -> None:
    with zipfile.ZipFile(io.BytesIO(packed(MADE))) as package:
        assert package.testzip() is None
        assert package.namelist() == ["manifest.json", "color.png", "outline.png"]
        assert json.loads(package.read("manifest.json")) == MADE
        assert package.read("color.png") == color_icon()
        assert package.read("outline.png") == outline_icon()


def test_the_same_manifest_makes_the_same_bytes() -> None:
    assert packed(MADE) == packed(dict(MADE))
    assert packed(MADE) != packed({**MADE, "version": "2.0.0"})
    with zipfile.ZipFile(io.BytesIO(packed(MADE))) as package:
        assert {each.date_time[0] for each in package.infolist()} == {1980}


def test_the_coloured_picture_is_a_white_shape_on_the_accent_colour_to_its_edges() -> None:
    width, height, found = pixels(color_icon())
    assert (width, height) == (192, 192)
    accent = (*bytes.fromhex(ACCENT[1:]), 255)
    counted = Counter(found)
    assert {alpha for *_, alpha in found} == {255}
    assert [each for each, _ in counted.most_common(2)] == [accent, (255, 255, 255, 255)]
    # Teams asks for the symbol within the middle 120 pixels.
    for row in range(192):
        for column in range(192):
            if not (36 <= row < 156 and 36 <= column < 156):
                assert found[row * 192 + column] == accent


def test_the_outline_is_white_on_nothing() -> None:
    width, height, found = pixels(outline_icon())
    assert (width, height) == (32, 32)
    assert {pixel[:3] for pixel in found} == {(255, 255, 255)}
    alphas = Counter(alpha for *_, alpha in found)
    assert alphas[255] > 100
    assert alphas[0] > 400
    assert found[16 * 32 + 16][3] == 0, "it is an outline, so its middle is empty"


@pytest.mark.parametrize("draw", [color_icon, outline_icon])
def test_a_picture_is_the_same_on_both_sides(draw: Any) -> None:
    width, _, found = pixels(draw())
    lines = [found[at : at + width] for at in range(0, len(found), width)]
    assert all(line == line[::-1] for line in lines)
