"""Mail as people keep it: an mbox, a Maildir, a folder of .eml files, or one of those files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from mailbox import mbox
from pathlib import Path

from bot.commands import paper
from bot.commands.faults import NothingToImport, cannot_read
from bot.commands.sources import looks_like_mail


@dataclass(frozen=True, slots=True)
class KeptMail:
    """One mail of an archive, not read yet."""

    load: Callable[[], bytes]
    file_time: datetime  #: of the file it is in, UTC


@contextmanager
def opened(path: Path) -> Iterator[list[KeptMail]]:
    """Every mail of the archive, readable meanwhile; NothingToImport and CannotRead in a sentence."""
    with ExitStack() as stack:
        try:
            found = list(_folder(path) if path.is_dir() else _file(path, stack))
        except OSError as fault:
            raise cannot_read(path, fault) from None
        if not found:
            raise NothingToImport(path=paper.plain(str(path)), why="there is no mail in it")
        yield found


def _folder(path: Path) -> Iterator[KeptMail]:
    if (path / "cur").is_dir() and (path / "new").is_dir():
        files = [file for part in ("cur", "new") for file in (path / part).iterdir()]
    else:
        files = [file for file in path.rglob("*") if file.suffix.casefold() == ".eml"]
    for file in sorted(files):
        if file.is_file():
            yield KeptMail(file.read_bytes, _time(file))


def _file(path: Path, stack: ExitStack) -> Iterator[KeptMail]:
    with path.open("rb") as stream:
        start = stream.read(16_384)
    if start.startswith(b"From "):
        box = mbox(path, create=False)
        stack.callback(box.close)
        for key in box.iterkeys():
            yield KeptMail(lambda key=key: box.get_bytes(key), _time(path))  # type: ignore[misc]  # key is bound now
    elif path.suffix.casefold() == ".eml" or looks_like_mail(start):
        yield KeptMail(path.read_bytes, _time(path))
    else:
        raise NothingToImport(path=paper.plain(str(path)), why="this is no mail")


def _time(file: Path) -> datetime:
    return datetime.fromtimestamp(file.stat().st_mtime, UTC)
