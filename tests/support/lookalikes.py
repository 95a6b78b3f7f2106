"""Characters that look like those which chat platforms interpret, as they are seen in tests."""

from __future__ import annotations

_LOOKALIKES = str.maketrans(
    {
        "*": "\N{ASTERISK OPERATOR}",
        "~": "\N{TILDE OPERATOR}",
        "`": "\N{MODIFIER LETTER GRAVE ACCENT}",
        "_": "\N{MODIFIER LETTER LOW MACRON}",
        ":": "\N{RATIO}",
        ">": "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}",
    }
)


def lookalike(text: str) -> str:
    """The text as it is seen where nothing in it may act."""
    return text.translate(_LOOKALIKES)
