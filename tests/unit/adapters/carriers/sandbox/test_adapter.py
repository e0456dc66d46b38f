"""What the gateway takes of the sandbox carrier."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from adapters.carriers.sandbox.adapter import ADAPTER, SandboxSettings

ROOT = Path(__file__).parents[5]


def test_settings_stand_on_their_own_and_keep_the_token_to_themselves() -> None:
    one, other = ADAPTER.settings(), ADAPTER.settings()
    assert len(one.token.get_secret_value()) >= 32
    assert one.token != other.token
    assert one.token.get_secret_value() not in repr(one)


@pytest.mark.parametrize("wrong", [{"tokn": "x" * 32}, {"token": "short"}, {"port": 65536}, {"timeout_seconds": 0}])
def test_settings_out_of_range_or_unknown_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        SandboxSettings.model_validate(wrong)


def test_the_adapter_loads_no_label_printer_and_touches_no_file() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, adapters.carriers.sandbox.adapter; print('reportlab' in sys.modules)"],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert loaded.stdout.strip() == "False"
