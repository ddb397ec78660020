"""`rightsdesk`: the command line put together, and each command's tools from the rooms it needs."""
# ruff: noqa: PLC0415 - a room is loaded only by the command that needs it: `due` starts in 0.2 s, spaCy takes 2

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import typer

from bot.commands import (
    agenda,
    attention,
    dates,
    doctor,
    importing,
    learning,
    paper,
    reading,
    register,
    service,
)
from bot.commands.faults import Told, leave_quietly
from bot.commands.tools import BatchClassifier, Ground, Read, Tools, Trial
from bot.settings import Settings, load
from cases.reading import Written, readings_of

if TYPE_CHECKING:
    from bot.roles.foundations import Foundations
    from cases.lessons import Example
    from cases.messages import InboundMessage
    from cases.ports import Classifier, Keeper
    from cases.reading import Read as ReadMany


def app() -> typer.Typer:
    """Every command; rich's boxes are left out, so that a fault is a sentence."""
    made = typer.Typer(
        name="rightsdesk",
        cls=Told,
        help="Finds GDPR requests in the service desk's mail, and sees that each one is answered in time.",
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    for group in (service, reading, dates, register, importing, agenda, attention, learning, doctor):
        group.add_to(made)
    return made


def main() -> None:
    """The entry point of `rightsdesk`."""
    try:
        app()(prog_name="rightsdesk", obj=real_tools())
    finally:
        try:
            sys.stdout.flush()
        except BrokenPipeError:
            leave_quietly()


def real_tools() -> Tools:
    return Tools(
        settings=load,
        lay=_lay,
        keeper=_keeper,
        worker=_worker,
        classifier=_classifier,
        written=_written,
        reader=_reader,
        read_file=_read_file,
        mail_json=_mail_json,
        serve=_serve,
        migrate=_migrate,
        train=_train,
        train_candidate=_train_candidate,
        models=_models,
        use_model=_use_model,
        evaluate=_evaluate,
        revisions=_revisions,
        model_version=_model_version,
    )


def _lay(settings: Settings) -> AbstractAsyncContextManager[Ground]:
    from bot.roles.foundations import lay

    _log(settings, quiet=True)
    return lay(settings)


@asynccontextmanager
async def _keeper(ground: Ground) -> AsyncIterator[Keeper]:
    from storage.keeping import GroupKeeper

    keeper = GroupKeeper(cast("Foundations", ground).database.sync_engine())
    keeper.start()
    try:
        yield keeper
    finally:
        await keeper.close()


def _worker(ground: Ground, classifier: Classifier) -> Callable[[], Awaitable[int]]:
    from bot.bell import Bell
    from bot.roles.worker import Worker, reader_for
    from cases.triage import Triage

    triage = Triage(ground.store, classifier, ground.clock)
    return Worker(cast("Foundations", ground), triage, reader_for(ground.settings), Bell()).round


def _classifier(settings: Settings) -> BatchClassifier:
    from nlp.classifier import SpacyClassifier
    from nlp.training.fingerprint import is_current

    classifier = SpacyClassifier.load(settings.model_dir)
    if not is_current(settings.model_dir):
        paper.complain("The model was trained by other code; `rightsdesk train --if-needed` renews it.")
    return classifier


def _written(subject_line: str, text: str) -> Written:
    """Offsets into the new words are offsets into the text: what was quoted is blank in them."""
    from intake.quoting import with_quotes_blank

    return Written(subject_line, text, with_quotes_blank(text, subject_line=subject_line))


def _reader(settings: Settings) -> Read:
    from bot.roles.worker import reader_for

    return reader_for(settings)


def _read_file(settings: Settings, raw: bytes) -> InboundMessage:
    """A mail from a file has no envelope: what it says of its sender is all there is."""
    from bot.roles.foundations import clock_for
    from intake.mail import read_mail

    now = clock_for(settings).now()
    return read_mail(raw, received_at=now, own_addresses=settings.own_mailboxes)


def _mail_json(message: InboundMessage, file: str) -> dict[str, Any]:
    from intake.reading import as_json
    from nlp.language import detect

    language = detect(message.new_text or message.subject_line)
    return as_json(message, file, language=language.value)


async def _serve(role: str, settings: Settings) -> None:
    _log(settings)
    if role in {"worker", service.CHILD}:
        await _serve_worker(settings, child=role == service.CHILD)
        return
    from importlib import import_module

    name = {"run": "everything"}.get(role, role)
    await import_module(f"bot.roles.{name}").serve(settings)


async def _serve_worker(settings: Settings, *, child: bool) -> None:
    """A child watches its parent from before spaCy is loaded, which takes seconds."""
    from bot.roles.parent import Parent

    parent = Parent() if child else None
    if parent:
        parent.watch()
    from bot.roles import worker

    await worker.serve(settings, parent)


def _migrate(settings: Settings) -> None:
    from storage.schema import migrate

    migrate(settings.database_url)


def _train(settings: Settings, progress: Callable[[int, int], None]) -> str:
    from nlp.training.train import train

    return train(settings.model_dir, progress)


def _train_candidate(
    settings: Settings, examples: Sequence[Example], progress: Callable[[int, int], None]
) -> Trial:
    from nlp.training.candidate import train_with

    found = train_with(settings.model_dir, examples, progress)
    return Trial(
        current=found.current,
        candidate=found.candidate,
        recall_before=found.before.any_right.recall,
        recall_after=found.after.any_right.recall,
        macro_f1_before=found.before.macro_f1,
        macro_f1_after=found.after.macro_f1,
        installed=found.installed,
    )


def _models(settings: Settings) -> list[dict[str, Any]]:
    from dataclasses import asdict

    from nlp.training.shelf import shelved

    return [asdict(one) | {"trained_at": one.trained_at.isoformat()} for one in shelved(settings.model_dir)]


def _use_model(settings: Settings, version: str) -> None:
    from nlp.training.shelf import use

    use(settings.model_dir, version)


def _evaluate(settings: Settings, file: Path | None, report: Path) -> tuple[dict[str, Any], str]:
    from nlp.training.evaluate import compare

    found = compare(settings.model_dir, *([file] if file else []), report=report, as_used=_as_the_desk_reads)
    return found.as_json(), found.table()


def _as_the_desk_reads(read: ReadMany) -> ReadMany:
    return lambda messages: readings_of(read, [_written(*told) for told in messages])


def _revisions(settings: Settings) -> tuple[str | None, str]:
    from storage.schema import current, head

    return current(settings.database_url), head()


def _model_version(settings: Settings) -> tuple[str | None, bool]:
    """Without loading it, which takes a second and spaCy."""
    from nlp.training import fingerprint

    return fingerprint.version_of(settings.model_dir), fingerprint.is_current(settings.model_dir)


def _log(settings: Settings, *, quiet: bool = False) -> None:
    """Services log what they do; a command speaks itself, and logs only what went wrong."""
    from bot import logs

    logs.set_up(settings.log_format, "warning" if quiet else settings.log_level)


if __name__ == "__main__":
    main()
