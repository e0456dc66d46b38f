"""Walls that Linux puts around a process for good, without any rights: no network, no other program, no other files.

They are asked for by number, as Python has no names for them: a filter of system calls (seccomp(2)) on x86-64 and
arm64, and rules on files (landlock(7), Linux 5.13). Where the kernel has none of a kind, that wall is missing.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, NamedTuple

#: ``<linux/prctl.h>``
_SET_SECCOMP, _BY_FILTER, _NO_NEW_PRIVILEGES = 22, 2, 38
#: ``<linux/bpf_common.h>``: load a word, jump if equal, if not less, if a bit is set; and end
_LOAD, _EQUAL, _LEAST, _BIT, _END = 0x20, 0x15, 0x35, 0x45, 0x06
#: ``<linux/seccomp.h>``: let it go on, or fail with an ``errno``; and where number, machine and first argument stand
_GO_ON, _FAIL = 0x7FFF0000, 0x00050000
_NUMBER, _MACHINE, _FIRST = 0, 4, 16
#: numbers from here on are those of x32, another way into the kernel of x86-64
_OTHER_WAY: Final = 0x40000000
_THREAD: Final = 0x00010000  # CLONE_THREAD


class _Calls(NamedTuple):
    """How a machine names itself (``AUDIT_ARCH_*``), and its numbers of system calls."""

    machine: int
    #: socket socketpair execve execveat fork vfork kill tkill rt_sigqueueinfo rt_tgsigqueueinfo pidfd_send_signal
    #: pidfd_getfd ptrace process_vm_readv process_vm_writev open_by_handle_at mount setns unshare bpf
    #: perf_event_open userfaultfd add_key request_key keyctl
    refused: tuple[int, ...]
    clone: int
    tgkill: int
    prlimit64: int


_CALLS: Final = {
    "x86_64": _Calls(
        0xC000003E,
        (41, 53, 59, 322, 57, 58, 62, 200, 129, 297, 424, 438, 101, 310, 311, 304, 165, 308, 272, 321,
         298, 323, 248, 249, 250),
        clone=56, tgkill=234, prlimit64=302,
    ),
    "aarch64": _Calls(
        0xC00000B7,
        (198, 199, 221, 281, 129, 130, 138, 240, 424, 438, 117, 270, 271, 265, 40, 268, 97, 280,
         241, 282, 217, 218, 219),
        clone=220, tgkill=131, prlimit64=261,
    ),
}  # fmt: skip
#: the same on all machines: io_uring_setup and clone3, for which libraries have another way where they are missing
_MISSING: Final = (425, 435)

#: the same on all machines: landlock_create_ruleset, landlock_add_rule, landlock_restrict_self
_CREATE, _ADD, _RESTRICT = 444, 445, 446
#: ``<linux/landlock.h>``: rights on files by the version that brought the last of them
_RIGHTS: Final = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
_RUN, _WRITE, _READ, _LIST = 1, 2, 4, 8
_BENEATH: Final = 1
#: TCP (version 4), abstract sockets and signals of others (version 6)
_TCP, _OTHERS = 3, 3
#: where programs, libraries, fonts and time zones are, and what number libraries ask of the machine
_SYSTEM: Final = (
    "/usr", "/lib", "/lib64", "/nix/store", "/etc/ld.so.cache", "/etc/localtime", "/etc/fonts", "/dev/urandom",
    "/sys", "/proc/self", "/proc/cpuinfo", "/proc/meminfo",
)  # fmt: skip


def wall_in() -> None:
    """Let this process, and threads that it starts from now on, do nothing but read its own code and compute.

    What is open already stays open. Both walls hold until the process ends.
    """
    if sys.platform != "linux":
        return
    with suppress(AttributeError, OSError):  # no such library of C; a kernel without
        libc = ctypes.CDLL(None, use_errno=True)
        _told(libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0))
        with suppress(OSError):
            _restrict_files(libc)
        _filter_calls(libc)


def _filter_calls(libc: Any) -> None:
    calls = _CALLS.get(platform.machine())
    if calls is None:
        return
    program = _program(calls)
    code = ctypes.create_string_buffer(program, len(program))
    # struct sock_fprog: how many instructions, and where
    given = struct.pack("@HP", len(program) // 8, ctypes.addressof(code))
    _told(libc.prctl(_SET_SECCOMP, _BY_FILTER, ctypes.create_string_buffer(given, len(given)), 0, 0))


def _program(calls: _Calls) -> bytes:
    """Return the filter: of each call its machine, then its number, then its first argument where that decides."""
    refuse, miss = _FAIL | errno.EPERM, _FAIL | errno.ENOSYS
    steps = [
        (_LOAD, 0, 0, _MACHINE), (_EQUAL, 1, 0, calls.machine), (_END, 0, 0, refuse),
        (_LOAD, 0, 0, _NUMBER), (_LEAST, 0, 1, _OTHER_WAY), (_END, 0, 0, refuse),
    ]  # fmt: skip
    for numbers, answer in ((calls.refused, refuse), (_MISSING, miss)):
        for number in numbers:
            steps += [(_EQUAL, 0, 1, number), (_END, 0, 0, answer)]
    # a new process, a signal to another one, and the limits of another one
    for number, test, value in (
        (calls.clone, _BIT, _THREAD),
        (calls.tgkill, _EQUAL, os.getpid()),
        (calls.prlimit64, _EQUAL, 0),
    ):
        steps += [
            (_EQUAL, 0, 4, number), (_LOAD, 0, 0, _FIRST), (test, 0, 1, value), (_END, 0, 0, _GO_ON),
            (_END, 0, 0, refuse),
        ]  # fmt: skip
    return b"".join(struct.pack("=HBBI", *step) for step in [*steps, (_END, 0, 0, _GO_ON)])


def _restrict_files(libc: Any) -> None:
    version = _told(libc.syscall(_CREATE, None, 0, 1))
    rights = max(right for since, right in _RIGHTS.items() if since <= version)
    asked = struct.pack("=QQQ", rights, _TCP if version >= 4 else 0, _OTHERS if version >= 6 else 0)
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    rules = _told(libc.syscall(_CREATE, asked, ctypes.c_size_t(size), 0))
    try:
        for place in {*_SYSTEM, *_code()}:
            _allow(libc, rules, place, _RUN | _READ | _LIST)
        _allow(libc, rules, os.devnull, _READ | _WRITE)
        _told(libc.syscall(_RESTRICT, rules, 0))
    finally:
        os.close(rules)


def _code() -> Iterable[str]:
    """Return where the code of this process is."""
    yield from (sys.prefix, sys.base_prefix)
    yield from (place for place in sys.path if place)
    yield from filter(None, os.environ.get("LD_LIBRARY_PATH", "").split(":"))


def _allow(libc: Any, rules: int, place: str, rights: int) -> None:
    """Allow *rights* on a file, or on all that lies beneath a folder; on what is not there nothing is."""
    with suppress(OSError):
        opened = os.open(place, os.O_PATH | os.O_CLOEXEC)
        try:
            allowed = rights if Path(place).is_dir() else rights & ~_LIST
            _told(libc.syscall(_ADD, rules, _BENEATH, struct.pack("=Qi", allowed, opened), 0))
        finally:
            os.close(opened)


def _told(result: int) -> int:
    """Return what a call returned.

    Raises:
        OSError: it failed.
    """
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result
