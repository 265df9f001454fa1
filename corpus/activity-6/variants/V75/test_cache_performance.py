import os
import statistics
import sys
import time
from http.client import HTTPConnection


def one():
    connection = HTTPConnection("localhost", 8000, timeout=5)
    began = time.perf_counter()
    connection.request("GET", "/api/users/")
    answer = connection.getresponse()
    answer.read()
    took = time.perf_counter() - began
    connection.close()
    if answer.status != 200:
        sys.exit(f"status {answer.status}")
    return took * 1000


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "safeboda.settings")
    import django

    django.setup()
    from users import user_cache

    cold, warm = [], []
    one()
    for _ in range(12):
        user_cache.forget_users([])
        cold.append(one())
        warm.append(one())
    for name, times in (("ohne Cache", cold), ("mit Cache", warm)):
        print(name, round(statistics.median(times), 2), "ms")


if __name__ == "__main__":
    main()
