"""The way of somebody's browser through an installation."""

from __future__ import annotations

import re
from typing import Final

import aiohttp
from yarl import URL

from tests.fakes.slack.delivering import Answered

LINK: Final = re.compile(r"""href=["']([^"']*/oauth/v2/authorize[^"']*)["']""")


async def walk(bot: str, path: str) -> Answered:
    """From the bot's page to Slack's, and back to the bot, with cookies as a browser keeps them.

    `bot` is where the bot can be reached; its own idea of its address may be another.
    """
    origin = URL(bot).origin()
    jar = aiohttp.CookieJar(unsafe=True, treat_as_secure_origin=origin)
    async with aiohttp.ClientSession(cookie_jar=jar) as browser:
        slack = await _link(browser, origin.join(URL(path)))
        async with browser.get(slack, allow_redirects=False) as consented:
            if "Location" not in consented.headers:
                return Answered(consented.status, 0.0, await consented.text())
            back = URL(consented.headers["Location"])
        landing = origin.with_path(back.path).with_query(back.query)
        async with browser.get(landing) as landed:
            return Answered(landed.status, 0.0, await landed.text())


async def _link(browser: aiohttp.ClientSession, url: URL) -> URL:
    """Where the bot's page sends somebody, by itself or with a link."""
    async with browser.get(url, allow_redirects=False) as page:
        if "Location" in page.headers:
            return URL(page.headers["Location"])
        found = LINK.search(await page.text())
    if found is None:
        raise AssertionError("the bot's page doesn't lead to Slack")
    return URL(found.group(1).replace("&amp;", "&"))
