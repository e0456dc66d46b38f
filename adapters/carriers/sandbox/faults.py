"""Faults that a test scripts into the sandbox carrier; nothing that arrives over the socket can cause one."""

from __future__ import annotations

from enum import StrEnum


class Fault(StrEnum):
    """What goes wrong with one booking, before or after the carrier has taken it."""

    REFUSE = "refuse"
    UNAVAILABLE = "unavailable"
    DROP_BEFORE_TAKING = "drop_before_taking"
    FAIL_AFTER_TAKING = "fail_after_taking"
    DROP_AFTER_TAKING = "drop_after_taking"
    HANG_AFTER_TAKING = "hang_after_taking"
