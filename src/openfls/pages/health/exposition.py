"""The figures in Prometheus' own form: what the databases hold, and how this service answered its requests."""

import os
from collections.abc import Iterator

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from openfls.inbox.figures import figures

CONTENT_TYPE = CONTENT_TYPE_LATEST
SHARED = "PROMETHEUS_MULTIPROC_DIR"  # where the server's processes add up their counts: `openfls serve` sets it

# By route and never by address: an address holds the key of a record.
REQUESTS = Counter("openfls_http_requests", "Requests answered", ["route", "method", "status"])
SECONDS = Histogram("openfls_http_request_seconds", "Seconds until a request was answered", ["route"])


def answered(route: str, method: str, status: int, seconds: float) -> None:
    REQUESTS.labels(route, method, str(status)).inc()
    SECONDS.labels(route).observe(seconds)


def exposition() -> bytes:
    registry = CollectorRegistry()
    registry.register(_Figures())
    if os.environ.get(SHARED):
        MultiProcessCollector(registry)
        return generate_latest(registry)
    return generate_latest(registry) + generate_latest(REGISTRY)


class _Figures(Collector):
    """Asked at each reading, so that any process gives the same."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        for figure in figures():
            family = GaugeMetricFamily(figure.name, figure.about, labels=figure.labels)
            for labels, value in figure.values:
                family.add_metric(labels, value)
            yield family
