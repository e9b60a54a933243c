"""An embedded installation as one file, and back: the database and the keys without which it can't be read."""

from __future__ import annotations

import os
import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

DATABASE = "sightline.sqlite3"
KEYS = ("token_keys", "secret_key")  # as they lie in DATA_DIR; absent when the environment holds them


class NoBackup(Exception):
    """The file is no backup, or a damaged one."""


def back_up(database: Path, data_dir: Path, file: Path) -> None:
    """Write ``file`` (mode 600) while the installation works on. It appears when it is whole, and replaces nothing."""
    with TemporaryDirectory(dir=file.parent, prefix=".backup-") as folder:
        copy, draft = Path(folder) / DATABASE, Path(folder) / "draft"
        _copy(database, copy)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            with tarfile.open(fileobj=out, mode="w:gz", compresslevel=3) as archive:
                for path in (copy, *(data_dir / key for key in KEYS)):
                    if path.exists():
                        archive.add(path, path.name)
            out.flush()
            os.fsync(out.fileno())
        os.link(draft, file)


def restore(file: Path, database: Path, data_dir: Path) -> None:
    """Put a backup in the place of what is there. ``NoBackup`` before anything is touched."""
    with TemporaryDirectory(dir=data_dir, prefix=".restore-") as folder:
        unpacked = Path(folder)
        _unpack(file, unpacked)
        for key in KEYS:
            if (unpacked / key).exists():
                (unpacked / key).chmod(0o600)
                (unpacked / key).replace(data_dir / key)
        _copy(unpacked / DATABASE, database)


def _copy(source: Path, target: Path) -> None:
    """By SQLite's own means, so that a copy made while others write is consistent."""
    with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(target, timeout=20)) as write:
        read.backup(write)


def _unpack(file: Path, folder: Path) -> None:
    try:
        with tarfile.open(file) as archive:
            wanted = [member for member in archive if member.isfile() and member.name in (DATABASE, *KEYS)]
            archive.extractall(folder, wanted, filter="data")
        with closing(sqlite3.connect(f"file:{folder / DATABASE}?mode=ro", uri=True)) as copy:
            sound = copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            known = copy.execute("SELECT 1 FROM sqlite_master WHERE name = 'issues_finding'").fetchone()
    except (OSError, tarfile.TarError, EOFError, sqlite3.Error) as error:
        raise NoBackup(f"{file} is no backup of Sightline: {error}.") from None
    if not (sound and known):
        raise NoBackup(f"{file} is damaged, or no backup of Sightline.")
