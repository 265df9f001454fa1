"""Activity 7: values that are forgotten together, by tag."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from grader.checks.activity_3 import set_in_shell
from grader.experiments.race import nth_command, store_late
from grader.experiments.tags import TaggedValue, Tags, find_tags
from grader.sandbox.check_environment import CheckEnvironment
from grader.sandbox.hosting.worker import Worker
from grader.sandbox.observing.redis import Key, Redis
from grader.spec import check, expect, fail

PROCESSES, THREADS, EACH = 2, 4, 50
"""G4: 8 writers, in two processes, each with 50 keys."""

FORBIDDEN = frozenset({"KEYS", "FLUSHDB", "FLUSHALL"})
"""Commands that look at every key of the server, or take them all."""


@check("G1", needs=("F1",))
def check_all_of_a_tag_is_gone(
    environment: CheckEnvironment, redis: Redis, options: Mapping[str, str]
) -> None:
    tags = find_tags(environment, redis, options)
    values = tags.stored("boda:1", "boda:2", tags=["boda"])
    both = tags.stored("boda:3", tags=["moto", "boda"])
    tags.drop("boda")
    left = tags.alive(values + both)
    expect(left != both, "boda:3 has the tags moto and boda, and outlived boda", "one_tag")
    if left:
        tags.drop("boda", environment.worker)
        how = "survives" if tags.alive(left) else "one_process"
        fail(f"after invalidate_by_tag('boda') {len(left)} of 3 values were still there", how)
    both = tags.stored("boda:4", tags=["moto", "boda"])
    tags.drop("moto")
    expect(not tags.alive(both), "boda:4 has the tags moto and boda, and outlived moto", "one_tag")


@check("G2", needs=("G1",))
def check_the_others_stay(environment: CheckEnvironment, redis: Redis, options: Mapping[str, str]) -> None:
    tags = find_tags(environment, redis, options)
    tags.stored("user:1", tags=["user"])
    vips = tags.stored("user:1:trips", "user:10", tags=["user-vip"])
    others = tags.stored("vip", tags=["vip-user"])
    plain, theirs = "workshop-untagged", "other-app:user:1"
    environment.run(set_in_shell("user:plain", plain, 300))
    redis.plant(redis.keys()[0], theirs)
    tags.drop("user")
    left = redis.keys()
    there = {key.text for key in left}
    expect(theirs in there, f"the key {theirs} of another application is gone", "foreign")
    expect(redis.holding([plain]), "user:plain, which carries no tag, is gone", "untagged")
    lost = [value.key for value in vips + others if value not in tags.alive(vips + others)]
    expect(not lost, f"invalidate_by_tag('user') took {''.join(lost[:1])}, of another tag", "other_tag")
    tags.drop("user-vip")
    expect(
        tags.alive(vips + others) == others,
        seen="after invalidate_by_tag('user') the tag user-vip has lost what it knew",
        how="index_lost",
    )


@check("G5", needs=("G1",))
def check_no_keys_and_no_flush(
    environment: CheckEnvironment, redis: Redis, options: Mapping[str, str]
) -> None:
    tags = find_tags(environment, redis, options)
    mark = environment.proxy.mark()
    tags.stored("boda:1", "boda:2", tags=["boda", "moto"])
    tags.drop("boda")
    tags.drop("moto")
    used = {exchange.name for exchange in environment.proxy.since(mark)} & FORBIDDEN
    seen = f"to store two values and invalidate their tags your functions sent {', '.join(sorted(used))}"
    expect("KEYS" not in used, seen, "keys")
    expect(not used, seen, "flush")


@check("G3", needs=("G1",))
def check_a_short_value_does_not_end_the_index(
    environment: CheckEnvironment, redis: Redis, options: Mapping[str, str]
) -> None:
    tags = find_tags(environment, redis, options)
    for first, second in ((3600, 60), (60, 3600)):
        redis.flush()
        environment.timeline.restart()
        values = {timeout: TaggedValue(f"boda:{timeout}") for timeout in (first, second)}
        for timeout, value in values.items():
            tags.put([value], ["boda"], timeout)
        redis.age(120)
        environment.timeline.note("two minutes pass: what was stored for one minute has expired")
        expect(tags.alive([values[3600]]), "a value that was stored for an hour is gone after two minutes")
        tags.drop("boda")
        expect(
            not tags.alive([values[3600]]),
            seen=f"{values[3600].key} was stored for an hour, and after two minutes its tag does not know it",
            how="forgotten",
        )


@check("G4", needs=("G1",))
def check_concurrent_registrations(
    environment: CheckEnvironment, redis: Redis, options: Mapping[str, str]
) -> None:
    tags = find_tags(environment, redis, options)
    workers = [environment.another_worker() for _ in range(PROCESSES)]
    groups = [
        [[TaggedValue(f"boda:{one}:{two}:{three}") for three in range(EACH)] for two in range(THREADS)]
        for one in range(PROCESSES)
    ]
    environment.timeline.restart()
    with ThreadPoolExecutor(PROCESSES) as pool:
        jobs = [
            pool.submit(tags.put_at_once, group, ["boda"], 300, worker)
            for group, worker in zip(groups, workers, strict=True)
        ]
        for job in jobs:
            job.result()
    values = [value for process in groups for group in process for value in group]
    there = len(tags.alive(values))
    tags.drop("boda")
    left = tags.alive(values)
    if left:
        play_with_two(environment, tags, workers[1])
    expect(
        not left and there == len(values),
        seen=f"of {len(values)} values {there} were stored, and {len(left)} outlived their tag",
        how="lost",
    )


def play_with_two(environment: CheckEnvironment, tags: Tags, other: Worker) -> None:
    """How a key is lost, once more and slowly: for the timeline."""
    proxy = environment.proxy
    mark = proxy.mark()
    tags.put([TaggedValue("moto:0")], ["moto"])
    commands = len([one for one in proxy.since(mark) if not one.setup])
    tags.drop("moto")
    first, second = TaggedValue("moto:1"), TaggedValue("moto:2")

    def in_between() -> None:
        environment.timeline.note("the first writer has read the tag's list, and has not stored it again yet")
        tags.put([second], ["moto"], worker=other)
        environment.timeline.note("now the first writer stores what it read, with its own key")

    environment.timeline.restart()
    last = nth_command(commands)
    store_late(proxy, lambda: tags.put([first], ["moto"]), in_between, last)
    tags.drop("moto")
    for value in tags.alive([first, second]):
        environment.timeline.note(f"{value.key} is still there")


@check("G6", needs=("G1",))
def check_the_index_does_not_grow(
    environment: CheckEnvironment, redis: Redis, options: Mapping[str, str]
) -> None:
    tags = find_tags(environment, redis, options)
    left: list[Key] = []
    sizes = []
    for turn in range(3):
        tags.put([TaggedValue(f"boda:{turn}:{number}") for number in range(20)], ["boda"], 60)
        redis.age(120)
        environment.timeline.note("two minutes pass: all values have expired")
        found = redis.keys()
        # An index that expires will be gone, if later than its values.
        left = [key for key in found if key.ttl_ms is None]
        sizes.append(sum(key.size for key in left))
    expect(
        sizes[-1] <= sizes[0] + 20 * len(left),
        seen=f"of 20, 40 and 60 expired values the index {left[0].text if left else ''} kept "
        f"{sizes[0]}, {sizes[1]} and {sizes[2]} bytes",
        how="grows",
    )
