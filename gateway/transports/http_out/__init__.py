"""HTTP outwards: one client for event hooks, shops and message gateways, which goes nowhere that it must not."""

from gateway.transports.http_out.client import HttpOut, Reply
from gateway.transports.http_out.policy import TargetPolicy, TargetRefused, check_target

__all__ = ["HttpOut", "Reply", "TargetPolicy", "TargetRefused", "check_target"]
