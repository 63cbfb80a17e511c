"""Files of subscribers that came through the browser: kept where no address leads, a day at most."""

from __future__ import annotations

import datetime as dt
import os
import re
import uuid
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.utils import timezone

MOST_MB = 50
KEPT = dt.timedelta(days=1)
_NAME = re.compile(r"[0-9a-f]{32}")


def keep(chunks: Iterable[bytes]) -> str:
    """The name under which these bytes are kept."""
    folder = Path(settings.IMPORTS_FOLDER)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = uuid.uuid4().hex
    part = folder / f"{name}.part"  # until it is whole nobody takes it for a file that says nothing
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        for chunk in chunks:
            file.write(chunk)
    part.rename(folder / name)
    return name


def path(name: str) -> Path:
    """Where it lies; it may be gone."""
    if not _NAME.fullmatch(name):
        raise FileNotFoundError(name)
    return Path(settings.IMPORTS_FOLDER) / name


def seen(name: str) -> Path:
    """Where a trial of it notes which addresses it met."""
    return path(name).with_suffix(".seen")


def waiting() -> list[Path]:
    """All files that are kept."""
    folder = Path(settings.IMPORTS_FOLDER)
    return [file for file in folder.iterdir() if _NAME.fullmatch(file.name)] if folder.exists() else []


def delete(name: str) -> None:
    """The file, and what a trial noted."""
    for file in (path(name), seen(name)):
        file.unlink(missing_ok=True)


def forget(*, at: dt.datetime | None = None) -> int:
    """Delete the files older than a day; how many there were."""
    folder, limit, count = Path(settings.IMPORTS_FOLDER), (at or timezone.now()) - KEPT, 0
    for file in folder.iterdir() if folder.exists() else ():
        if file.stat().st_mtime <= limit.timestamp():
            file.unlink(missing_ok=True)
            count += 1
    return count
