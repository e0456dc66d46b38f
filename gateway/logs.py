"""Logs: to standard error only, JSON in service and readable lines on a terminal, secrets made unreadable."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Mapping, Sequence
from typing import Any, Final

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from gateway.settings import LoggingSettings

REDACTED: Final = "[redacted]"
_SECRET_NAMES: Final = re.compile(r"authorization|secret|password|passwd|token|api_?key|cookie", re.IGNORECASE)
#: our API keys keep their public prefix; addresses keep their user
_SECRET_TEXTS: Final = (
    (re.compile(r"(og_[a-z0-9]{10}_)[A-Za-z0-9_-]{43}"), rf"\1{REDACTED}"),
    (re.compile(r"(://[^/\s:@]*:)[^@\s/]+@"), rf"\1{REDACTED}@"),
    (re.compile(r"(?i)(bearer\s+)[^\s\"',]+"), rf"\1{REDACTED}"),
)
#: the logger of aiohttp's server
_SERVER: Final = "aiohttp.server"
#: libraries that tell of their own every step
_TALKATIVE: Final = ("aiohttp.access", "alembic", "asyncio", "mail.log", "sqlalchemy", "watchdog")


def configure_logging(settings: LoggingSettings) -> None:
    """Send everything that is logged, by us and by libraries, to standard error as *settings* say."""
    level = logging.getLevelNamesMapping()[settings.level.upper()]
    readable = settings.format == "console" or (settings.format == "auto" and sys.stderr.isatty())
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    last: list[Processor] = (
        [
            redact,
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
            ),
        ]
        if readable
        else [structlog.processors.format_exc_info, redact, structlog.processors.JSONRenderer(default=str)]
    )
    structlog.configure(
        processors=[*shared, *last],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=_StandardError()),  # type: ignore[arg-type] # write and flush are all it uses
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(_StandardError())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder()],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
    logging.getLogger(_SERVER).addFilter(_shorten_unreadable_requests)


def _shorten_unreadable_requests(record: logging.LogRecord) -> bool:
    """Make one line of bytes that are no HTTP: anyone may send them, and a traceback each would fill the log."""
    from aiohttp.http_exceptions import HttpProcessingError  # noqa: PLC0415 - most commands log without aiohttp

    fault = record.exc_info[1] if record.exc_info else None
    if not isinstance(fault, HttpProcessingError):
        return True
    record.exc_info = None
    record.levelno, record.levelname = logging.INFO, "INFO"
    record.msg, record.args = f"{record.getMessage()}: {type(fault).__name__}", ()
    return logging.getLogger(_SERVER).isEnabledFor(logging.INFO)


def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Make secrets unreadable: by the name of their key, or by their form inside any text."""
    return {name: _redacted(name, value) for name, value in event.items()}


def _redacted(name: str, value: Any) -> Any:
    if value is not None and _SECRET_NAMES.search(name):
        return REDACTED
    if isinstance(value, str):
        for form, replacement in _SECRET_TEXTS:
            value = form.sub(replacement, value)
        return value
    if isinstance(value, Mapping):
        return {key: _redacted(str(key), inner) for key, inner in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return [_redacted("", inner) for inner in value]
    return value


class _StandardError:
    """Standard error as it is at the time of writing: tests and daemons exchange it."""

    def write(self, text: str) -> int:
        return sys.stderr.write(text)

    def flush(self) -> None:
        sys.stderr.flush()
