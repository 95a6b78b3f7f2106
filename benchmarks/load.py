"""A load generator as light as it can be, since the servers are what is measured.

So many connections stay open; each sends its next request when it has the answer to its last.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from benchmarks.measure import percentile

CONNECTIONS = 16


@dataclass(frozen=True, slots=True)
class Answered:
    """How many were answered, how many in a second, and how long 99 of 100 took at most."""

    count: int
    per_second: float
    p99_ms: float


def post_bytes(url: str, body: bytes, headers: Mapping[str, str]) -> bytes:
    """A whole request."""
    address = urlsplit(url)
    every = {"Host": address.netloc, "Content-Length": str(len(body)), **headers}
    head = "".join(f"{name}: {value}\r\n" for name, value in every.items())
    return f"POST {address.path} HTTP/1.1\r\n{head}\r\n".encode() + body


async def load(url: str, bodies: Sequence[bytes], seconds: float) -> Answered:
    """Post the bodies in turn for some seconds, as the playground's page does.

    Raises RuntimeError if one isn't answered 200.
    """
    headers = {
        "Origin": f"http://{urlsplit(url).netloc}",
        "Content-Type": "application/json",
    }
    return await load_requests(url, [post_bytes(url, body, headers) for body in bodies], seconds)


async def load_requests(url: str, each: Sequence[bytes], seconds: float) -> Answered:
    """The same with whole requests."""
    address = urlsplit(url)
    requests = itertools.cycle(each)
    until = time.perf_counter() + seconds
    started = time.perf_counter()
    took = await asyncio.gather(
        *(
            _keep_asking(address.hostname or "", address.port or 80, requests, until)
            for _ in range(CONNECTIONS)
        )
    )
    elapsed = time.perf_counter() - started
    every = [latency for each in took for latency in each]
    return Answered(len(every), len(every) / elapsed, percentile(every, 99) * 1000)


async def _keep_asking(
    host: str, port: int, requests: Iterator[bytes], until: float
) -> list[float]:
    reader, writer = await asyncio.open_connection(host, port)
    took = []
    try:
        while (asked := time.perf_counter()) < until:
            writer.write(next(requests))
            await _read_answer(reader)
            took.append(time.perf_counter() - asked)
    finally:
        writer.close()
        await writer.wait_closed()
    return took


async def _read_answer(reader: asyncio.StreamReader) -> None:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    _, _, length = head.partition(b"content-length: ")
    body = await reader.readexactly(int(length.partition(b"\r\n")[0]))
    if b" 200 " not in head.partition(b"\r\n")[0]:
        raise RuntimeError(f"a request was refused: {body.decode()}")
