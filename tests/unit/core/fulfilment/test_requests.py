from __future__ import annotations

import json

from core.fulfilment import requests
from core.testing.carrier import booking_request


def test_a_request_survives_the_store() -> None:
    request = booking_request("DA-2026-000001-1f")

    assert requests.from_json(json.loads(json.dumps(requests.to_json(request)))) == request


def test_an_unknown_weight_stays_unknown() -> None:
    request = booking_request("DA-2026-000001-1f")
    light = request._replace(packages=(request.packages[0]._replace(weight_kg=None),))

    assert requests.from_json(requests.to_json(light)).packages[0].weight_kg is None
