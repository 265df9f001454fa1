"""An experiment on a real Redis Cluster of three nodes."""

from __future__ import annotations

from workshop.quiz.live.laboratory import Laboratory
from workshop.quiz.live.run import Seen, Values, came_true

_SHARES = {"none": 0.0, "third": 1 / 3, "half": 1 / 2, "all": 1.0}


def cluster_with_the_usual_client(laboratory: Laboratory, values: Values) -> Seen:
    """Store values through one node with django-redis's default client, and count."""
    from grader.servers.cluster import Cluster

    count = int(values["count"])
    with Cluster() as cluster:
        cluster.wait()
        address = cluster.proxies[0].address
        location = f"redis://{address.host}:{address.port}"
        printed = laboratory.script("cluster_sets", {"LOCATION": location}, WORKSHOP_COUNT=str(count))
    stored, _, refused = printed.partition("\n")
    share = int(stored) / count
    return came_true(
        min(_SHARES, key=lambda name: abs(_SHARES[name] - share)),
        f"django-redis has the address of one node, {location}",
        f"cache.set() was called {count} times: {stored} succeeded",
        f"the others: {refused}" if refused else "none was refused",
    )
