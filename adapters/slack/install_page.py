"""What a browser sees when the app is installed: plain HTML, no script."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from typing import Final

from aiohttp import web

STYLE: Final = """
:root { color-scheme: light dark; }
body { font: 1.125rem/1.6 system-ui, sans-serif; margin: 0 auto; max-width: 34rem; padding: 2rem; }
h1 { font-size: 1.5rem; line-height: 1.3; }
a.button { border: 2px solid; border-radius: 0.5rem; display: inline-block;
  font-weight: 600; padding: 0.5rem 1rem; }
"""
_STYLE_HASH: Final = base64.b64encode(sha256(STYLE.encode()).digest()).decode("ascii")

HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    ),
    # The address of the last page holds a code of Slack's.
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    address: str


def page(
    language: str, title: str, paragraphs: Iterable[str], link: Link, *, status: int = 200
) -> web.Response:
    """A page with one thing to do. Everything is escaped."""
    body = "\n".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
    text = f"""<!DOCTYPE html>
<html lang="{escape(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<style>{STYLE}</style>
</head>
<body>
<main>
<h1>{escape(title)}</h1>
{body}
<p><a class="button" href="{escape(link.address)}">{escape(link.label)}</a></p>
</main>
</body>
</html>
"""
    return web.Response(text=text, content_type="text/html", status=status, headers=HEADERS)
