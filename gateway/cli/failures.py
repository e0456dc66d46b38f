"""Runs the command line and turns whatever goes wrong into one line, a hint and an exit code.

0 done, 1 judged bad, 2 unusable input or wrong usage, 3 the system failed. No traceback reaches a user: that of an
unexpected error is written to a file whose name the line tells.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import sys
import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import typer

from core.errors import HomeNeeded, NotFound, OrdergateError, SystemFailed, UsageError, ValidationFailed, ValueRefused
from gateway.cli.output import note

DONE: Final = 0
JUDGED_BAD: Final = 1
UNUSABLE: Final = 2
FAILED: Final = 3
_INTERRUPTED: Final = 130
_PROBLEMS_SHOWN: Final = 50
#: what typer says of the option that only commands with a gateway elsewhere have
_NO_URL: Final = "No such option: --url"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``ordergate`` with *arguments* (those of the process if None) and return its exit code."""
    try:
        from gateway.cli.commands import command  # noqa: PLC0415 - commands raise the exit codes above

        answer = command()(args=arguments, prog_name="ordergate", standalone_mode=False)
        sys.stdout.flush()
    except typer.TyperException as error:
        return _wrong_usage(error)
    except (typer.Abort, KeyboardInterrupt):
        return _INTERRUPTED
    except BrokenPipeError:
        return _reader_gone()
    except OrdergateError as error:
        return told(error)
    except Exception as error:  # noqa: BLE001 - the last line of defence: no traceback reaches a user
        return _unexpected(error)
    return answer if isinstance(answer, int) else DONE


def told(error: OrdergateError) -> int:
    """Tell *error* on standard error and return its exit code."""
    note(f"error[{error.code}]: {_one_line(error.message)}")
    problems = error.inputs.get("problems")
    if isinstance(problems, list) and len(problems) > 1:
        for problem in problems[:_PROBLEMS_SHOWN]:
            note(f"  - {_one_line(str(problem))}")
        if len(problems) > _PROBLEMS_SHOWN:
            note(f"  - and {len(problems) - _PROBLEMS_SHOWN} more")
    if isinstance(error, ValidationFailed):
        for violation in error.violations[:_PROBLEMS_SHOWN]:
            note(f"  - {violation.code}: {_one_line(violation.message)}")
    if error.hint:
        note(f"hint: {_one_line(error.hint)}")
    if isinstance(error, UsageError | NotFound | ValueRefused):
        return UNUSABLE
    return FAILED if isinstance(error, SystemFailed) else JUDGED_BAD


def _wrong_usage(error: typer.TyperException) -> int:
    context = getattr(error, "ctx", None)
    message = error.format_message()
    if context is not None and "\n" in message:  # a group without a command: the message is its help
        note(message)
        return UNUSABLE
    if message.startswith(_NO_URL):
        return told(HomeNeeded(hint="Run it there, with --home. `ordergate <command> --help` tells what has --url."))
    note(f"error[{UsageError.code}]: {_one_line(message)}")
    if context is not None:
        note(f"hint: {context.command_path} --help")
    return UNUSABLE


def _unexpected(error: Exception) -> int:
    reference = secrets.token_hex(4)
    try:
        place = _keep_traceback(error, reference)
    except OSError:  # a full disk may be what went wrong
        place = None
    note(f"error[{SystemFailed.code}]: unexpected {type(error).__name__}, reference {reference}")
    note(f"hint: the details are in {place}" if place else "hint: the details could not be written; is the disk full?")
    return FAILED


def _keep_traceback(error: Exception, reference: str) -> Path:
    path = Path(tempfile.gettempdir()) / f"ordergate-{reference}.log"
    # Not followed, not shared: the folder is everybody's, and a traceback may quote a partner's document.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.writelines(traceback.format_exception(error))
    return path


def _reader_gone() -> int:
    """End quietly when the reader of a pipe has seen enough, as ``| head`` does."""
    with contextlib.suppress(OSError):  # nothing is left to write to
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return DONE


def _one_line(text: str) -> str:
    return " ".join(text.split())
