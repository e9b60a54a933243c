"""``python -m connectors.sources.reader FD``: a process that reads findings for another, which stores them.

FD is one end of a pipe. It brings product and configuration, then the arguments of one walk after another and whether
every finding will be read; each is answered by its pages up to the last one, or to an error. So the token never shows
in a list of processes.
"""

from __future__ import annotations

import gc
import logging
import sys
import traceback
from multiprocessing.connection import Connection
from typing import Any

from connectors.sources.base import Source
from connectors.sources.exceptions import SourceError
from connectors.sources.packing import pack
from connectors.sources.redact import redact
from connectors.sources.registry import open_source

READY = b"ready"


def serve(pipe: Connection[Any, Any]) -> None:
    """Until the other side is closed."""
    source = open_source(*pipe.recv())
    pipe.send_bytes(READY)
    while True:
        try:
            whole, *walk = pipe.recv()
        except EOFError:
            return
        follow(source, walk, pipe, whole=whole)


def follow(source: Source, walk: list[Any], pipe: Connection[Any, Any], *, whole: bool) -> None:
    told = source.requests_made
    try:
        for page in source.finding_pages(*walk):
            told, new = source.requests_made, source.requests_made - told
            for record in page.rows if whole else ():
                source.read(record)
            pipe.send_bytes(pack(page, new))
    except SourceError as error:
        pipe.send_bytes(pack(error, source.requests_made - told))


def main() -> None:
    logging.basicConfig(level=logging.INFO, style="{", format="{asctime} {levelname} {name} {message}")
    gc.disable()  # it lives for a turn of some seconds, and makes millions of objects with hardly a cycle among them
    try:
        serve(Connection(int(sys.argv[1])))
    except BrokenPipeError:
        pass  # nobody wants the rest
    except Exception:
        sys.exit(redact(traceback.format_exc()))


if __name__ == "__main__":
    main()
