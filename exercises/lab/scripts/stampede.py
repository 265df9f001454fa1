"""Fifty readers ask for one key that nobody has stored yet; each query takes 150 ms. How many queries?"""

import threading
import time

readers = 50
begun = threading.Barrier(readers)
calls = []


def query():
    calls.append(1)
    time.sleep(0.15)
    return "the list"


def read():
    begun.wait()
    cache.get_or_set("hot", query, 60)


threads = [threading.Thread(target=read) for _ in range(readers)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(len(calls))
