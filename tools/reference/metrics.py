"""The metrics."""

from __future__ import annotations

from reference.markdown import code, page, table


def metrics() -> str:
    """Every metric that /metrics gives."""
    from gateway.telemetry import Telemetry  # noqa: PLC0415 - so that pages fail singly

    rows = [(code(metric.name), metric.type, metric.documentation) for metric in Telemetry().registry.collect()]
    return page(
        "Metrics", "`GET /metrics`, in the text format of Prometheus.", table(("metric", "kind", "meaning"), rows)
    )
