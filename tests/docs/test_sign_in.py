"""The page on tokens names every reason to refuse one, and its settings are taken as they stand."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

from gateway.settings import load_settings

REPOSITORY = Path(__file__).parents[2]
PAGE = (REPOSITORY / "docs" / "how-to" / "sign-in.md").read_text(encoding="utf-8")
REASON = re.compile(r"token\.[a-z_]+")


def test_every_reason_is_told() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in (REPOSITORY / "gateway" / "oidc").glob("*.py"))
    assert set(re.findall(r'"(token\.[a-z_]+)"', code)) == set(REASON.findall(PAGE))


def test_the_settings_of_the_page_are_taken(tmp_path: Path) -> None:
    (block,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "ordergate.toml").write_text(textwrap.dedent(block), encoding="utf-8")
    oidc = load_settings(tmp_path).oidc
    assert (oidc.audience, oidc.partners) == (["ordergate"], {"alpina-shop": "ALPINA"})
