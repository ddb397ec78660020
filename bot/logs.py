"""Logs for machines or people: references and counts, never anything personal."""

from __future__ import annotations

import logging
import sys
from typing import Literal

import structlog


def set_up(form: Literal["console", "json"], level: str) -> None:
    """Structlog and the standard library's loggers, as one stream on standard error."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, _only_the_class],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_rendering(form)],
        )
    )
    handler.addFilter(_ours_or_serious)
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)


def _ours_or_serious(record: logging.LogRecord) -> bool:
    """Structlog hands its events over as dicts; other libraries are heard from a warning on."""
    return isinstance(record.msg, dict) or record.levelno >= logging.WARNING


def _rendering(form: str) -> list[structlog.typing.Processor]:
    if form == "json":
        return [_frames_only, structlog.processors.JSONRenderer()]
    return [_frames_only, structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]


def _frames_only(
    _logger: object, _name: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """An exception's class and where it happened, without its text, which may quote a mail."""
    raised = event.pop("exc_info", None)
    if raised is True:
        raised = sys.exc_info()
    if isinstance(raised, BaseException):
        raised = (type(raised), raised, raised.__traceback__)
    if isinstance(raised, tuple) and raised[0] is not None:
        event["error"] = raised[0].__name__
        frames, trace = [], raised[2]
        while trace is not None:
            code = trace.tb_frame.f_code
            frames.append(f"{code.co_filename.rsplit('/', 2)[-1]}:{trace.tb_lineno} {code.co_name}")
            trace = trace.tb_next
        event["frames"] = frames[-6:]
    return event


def _only_the_class(
    _logger: object, _name: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """What other libraries log may quote what they were given: keep who spoke and how loud, not the words."""
    record = event.get("_record")
    if isinstance(record, logging.LogRecord):
        event["event"] = f"{record.name} spoke at {record.filename}:{record.lineno}"
    return event
