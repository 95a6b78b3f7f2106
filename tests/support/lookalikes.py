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
        "<": "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}",
        "[": "\N{FULLWIDTH LEFT SQUARE BRACKET}",
        "]": "\N{FULLWIDTH RIGHT SQUARE BRACKET}",
        "\\": "\N{REVERSE SOLIDUS OPERATOR}",
        "&": "\N{FULLWIDTH AMPERSAND}",
        "#": "\N{FULLWIDTH NUMBER SIGN}",
        "-": "\N{HYPHEN}",
        "+": "\N{FULLWIDTH PLUS SIGN}",
        ".": "\N{ONE DOT LEADER}",
        ")": "\N{FULLWIDTH RIGHT PARENTHESIS}",
    }
)


def lookalike(text: str) -> str:
    """The text as it is seen where nothing in it may act."""
    return text.translate(_LOOKALIKES)
