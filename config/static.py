"""Static files as they are deployed: hashed names, compressed, and one stylesheet instead of forty."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

STYLESHEET = "issues/css/index.css"
IMPORT = re.compile(r'@import "(?P<path>[^"]+)" layer\((?P<layer>\w+)\);')

Paths = dict[str, tuple[Storage, str]]


class BundledStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # it has no types
    def post_process(self, paths: Paths, dry_run: bool = False, **options: Any) -> Iterator[tuple[str, str, bool]]:
        if STYLESHEET in paths and not dry_run:
            storage, path = paths[STYLESHEET]
            bundle = bundled(storage, path)
            self.delete(STYLESHEET)
            self._save(STYLESHEET, ContentFile(bundle.encode()))
            paths = {**paths, STYLESHEET: (self, STYLESHEET)}
        yield from super().post_process(paths, dry_run, **options)


def bundled(storage: Storage, path: str) -> str:
    """The stylesheet at ``path`` with every ``@import "x.css" layer(y);`` replaced by that file in its layer."""
    folder = path.rpartition("/")[0]

    def inlined(match: re.Match[str]) -> str:
        return "@layer {} {{\n{}}}\n".format(match["layer"], _text(storage, f"{folder}/{match['path']}"))

    return IMPORT.sub(inlined, _text(storage, path))


def _text(storage: Storage, path: str) -> str:
    with storage.open(path) as file:
        content: bytes = file.read()
    return content.decode()
