"""What the commands need from the other rooms; `bot.__main__` wires it, tests bring their own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import typer

from bot.settings import Settings
from cases.desk import Desk
from cases.lessons import Example
from cases.messages import Arrival, InboundMessage
from cases.model import Classification
from cases.ports import Classifier, Clock, Inbox, Keeper, Outbox, Store
from cases.reading import Written


class Ground(Protocol):
    """The part of `bot.roles.foundations.Foundations` that commands stand on."""

    @property
    def settings(self) -> Settings: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def store(self) -> Store: ...
    @property
    def desk(self) -> Desk: ...
    @property
    def inbox(self) -> Inbox: ...
    @property
    def outbox(self) -> Outbox: ...


class BatchClassifier(Classifier, Protocol):
    """The classifier, many mails at a time."""

    def classify_many(self, messages: Iterable[tuple[str, str]]) -> Iterable[Classification]:
        """Per (subject_line, text) its reading, in order."""
        ...


#: Total: any bytes give a message.
Read = Callable[[Arrival], InboundMessage]


@dataclass(frozen=True, kw_only=True, slots=True)
class Trial:
    """A candidate beside the model in use; recall of any right and macro-F1, each 0..1."""

    current: str
    candidate: str
    recall_before: float
    recall_after: float
    macro_f1_before: float
    macro_f1_after: float
    installed: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Tools:
    """Each is called only by the commands that need it, so that the others start at once."""

    settings: Callable[[], Settings]
    lay: Callable[[Settings], AbstractAsyncContextManager[Ground]]
    keeper: Callable[[Ground], AbstractAsyncContextManager[Keeper]]
    worker: Callable[[Ground, Classifier], Callable[[], Awaitable[int]]]  #: one round of it: mails taken
    classifier: Callable[[Settings], BatchClassifier]
    written: Callable[[str, str], Written]  #: of a subject line and a text, with its quotes found
    reader: Callable[[Settings], Read]
    read_file: Callable[[Settings, bytes], InboundMessage]  #: the same without an envelope
    mail_json: Callable[[InboundMessage, str], dict[str, Any]]  #: of a message and its file's name
    serve: Callable[[str, Settings], Awaitable[None]]  #: `worker --child` is the role 'child'
    migrate: Callable[[Settings], None]
    train: Callable[[Settings, Callable[[int, int], None]], str]  #: hears (done, total); the model's version
    train_candidate: Callable[[Settings, Sequence[Example], Callable[[int, int], None]], Trial]
    models: Callable[[Settings], list[dict[str, Any]]]  #: newest first
    use_model: Callable[[Settings, str], None]
    evaluate: Callable[
        [Settings, Path | None, Path], tuple[dict[str, Any], str]
    ]  #: of a file, with a folder for the report: as JSON, and as a table
    revisions: Callable[
        [Settings], tuple[str | None, str]
    ]  #: of the schema: what the database has, the newest
    model_version: Callable[[Settings], tuple[str | None, bool]]  #: None: no model; is it current


def tools(ctx: typer.Context) -> Tools:
    """What `bot.__main__`, or a test, gave to the app."""
    found = ctx.find_object(Tools)
    if found is None:
        raise LookupError("the app was started without its tools")
    return found
