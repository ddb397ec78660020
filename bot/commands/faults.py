"""Whatever a user can cause ends as one sentence on standard error and exit code 1; never as a traceback."""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path
from typing import Any, Never

import typer
from typer.core import TyperGroup

from bot.commands import paper
from cases.errors import RightsDeskError


class CannotRead(RightsDeskError):
    """{file}: {why}."""


class NothingToImport(RightsDeskError):
    """{path}: {why}; name an mbox, a Maildir, a folder of .eml files or one .eml file."""


class Unexpected(RightsDeskError):
    """Something unexpected went wrong ({error} at {place}); please report it."""


class Told(TyperGroup):
    """The group of all commands; it translates what they raise."""

    def invoke(self, ctx: Any) -> Any:
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except (typer.Exit, typer.Abort, typer.TyperException):
            raise
        except BrokenPipeError:
            leave_quietly()
            raise typer.Exit(0) from None
        except KeyboardInterrupt:
            _stop("Stopped with Ctrl-C before the end.")
        except Exception as error:  # noqa: BLE001 - its own text may quote a mail, so only its class is told
            _stop(_sentence(_first(error)))
        return result


def _sentence(error: BaseException) -> str:
    if isinstance(error, RightsDeskError):
        return str(error)
    if isinstance(error, OSError):
        return os_sentence(error)
    return str(Unexpected(error=type(error).__name__, place=_place(error)))


def _first(error: BaseException) -> BaseException:
    """Out of the groups in which tasks fail together; what we have words for comes first."""
    if not isinstance(error, BaseExceptionGroup):
        return error
    leaves = [_first(inner) for inner in error.exceptions]
    return next((leaf for leaf in leaves if isinstance(leaf, RightsDeskError)), leaves[0])


def os_sentence(fault: OSError) -> str:
    """'Permission denied: /var/x.', as the system says it."""
    where = f": {paper.plain(str(fault.filename))}" if fault.filename else ""
    return f"{fault.strerror or type(fault).__name__}{where}."


def leave_quietly() -> None:
    """The reader of our output (`| head`) had enough, which is no fault; the last flush goes nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)


def read_bytes(file: Path) -> bytes:
    """A file's bytes, `-` being standard input; CannotRead when it is missing or a directory."""
    if str(file) == "-":
        return typer.get_binary_stream("stdin").read()
    try:
        return file.read_bytes()
    except OSError as fault:
        raise cannot_read(file, fault) from None


def cannot_read(file: Path, fault: OSError) -> CannotRead:
    return CannotRead(file=paper.plain(str(file)), why=(fault.strerror or type(fault).__name__).lower())


def _place(error: BaseException) -> str:
    """Where it was raised: 'rows.py:30'."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(last.filename).name}:{last.lineno}"


def _stop(sentence: str) -> Never:
    paper.complain(sentence)
    raise typer.Exit(1) from None
