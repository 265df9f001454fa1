"""Compares the list without and with its cache. Start the server first, then: python test_cache_performance.py

Exit status 0 if both could be measured, 1 if the server was away or answered an error.
"""

import statistics
import sys
import time
import uuid

import requests

URL = "http://127.0.0.1:8000/api/users/"
WARM_UP = 3
SAMPLES = 20


def seconds(**question):
    """How long one answer takes. Raises RequestException if there is none, or it is an error.

    Each on a connection of its own: on one that is kept, runserver's answers wait 40 ms for TCP, and that
    would be most of what is measured.
    """
    start = time.perf_counter()
    requests.get(URL, params=question, timeout=10).raise_for_status()
    return time.perf_counter() - start


def measure():
    """The seconds of each cold and of each warm answer."""
    for _ in range(WARM_UP):  # connections, imports and the first query are nobody's fault
        seconds()
    # The query is a part of the key: what nobody has asked before is in no cache. Nothing has to be
    # emptied for that, so nobody else's answers are lost while we measure.
    run = uuid.uuid4().hex
    cold = [seconds(run=run, sample=number) for number in range(SAMPLES)]
    warm = [seconds() for _ in range(SAMPLES)]
    return cold, warm


def main():
    try:
        cold, warm = measure()
    except requests.RequestException as error:
        sys.exit(f"The server cannot be measured: {error}")
    for name, times in (("cold", cold), ("warm", warm)):
        fastest, median, slowest = min(times), statistics.median(times), max(times)
        print(f"{name}: median {median:.4f}s, fastest {fastest:.4f}s, slowest {slowest:.4f}s ({len(times)})")
    print(f"speedup: {statistics.median(cold) / statistics.median(warm):.2f}x")


if __name__ == "__main__":
    main()
