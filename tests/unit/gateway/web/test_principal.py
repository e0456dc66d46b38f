"""What a key is shown: partners never what we earn, whatever the key may do (ROL-09, RPT-13)."""

from __future__ import annotations

from typing import Any

import pytest

from core.roles.hiding import HIDDEN
from gateway.web.ports import Principal

CHECKED: dict[str, Any] = {
    "event": "order.checked",
    "inputs": {"checks": [{"group": "price", "ok": False, "evidence": {"lines": [[1, 5, 5]], "cost": [3]}}]},
}
HELD: dict[str, Any] = {
    "code": "margin.low", "reason": "earns 4 %", "inputs": {"margin": "4"}, "release_when": "12.40 more",
}  # fmt: skip
EVERYTHING = frozenset({"read", "submit", "operate", "admin"})


@pytest.mark.parametrize("roles", [None, frozenset({"admin"}), frozenset({"finance_manager"})])
def test_a_key_of_a_partner_is_not_shown_costs_and_margins(roles: frozenset[str] | None) -> None:
    partner = Principal("nordhaus", EVERYTHING, "NORDHAUS", roles=roles)
    assert partner.shown(CHECKED)["inputs"]["checks"][0]["evidence"] == {"lines": [[1, 5, 5]], "cost": None}
    told = partner.shown({"holds": [HELD]})["holds"][0]
    assert told == {"code": "margin.low", "reason": HIDDEN, "inputs": {}, "release_when": HIDDEN}


def test_a_key_of_the_house_without_roles_is_shown_everything() -> None:
    assert Principal("house", EVERYTHING).shown([CHECKED, HELD]) == [CHECKED, HELD]
