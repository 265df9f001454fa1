"""Activity 7: values that are forgotten together, by tag."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from grader.checks.activity_3 import set_in_shell
from grader.experiments.race import nth_command, store_late
from grader.experiments.tags import WAYS, TaggedValue, Tags, find_tags
from grader.sandbox.check_environment import CheckEnvironment
from grader.sandbox.hosting.worker import Worker
from grader.sandbox.observing.redis import Key, Redis
from grader.spec import Way, check, expect, fail

PROCESSES, THREADS, EACH = 2, 4, 50
"""G4: 8 writers, in two processes, each with 50 keys."""

FORBIDDEN = frozenset({"KEYS", "FLUSHDB", "FLUSHALL"})
"""Commands that look at every key of the server, or take them all."""


@check(
    "G1",
    title="All that carries a tag is gone after invalidate_by_tag()",
    needs=("F1",),
    means="What should be forgotten together is not forgotten.",
    try_="Keep the keys of each tag in the cache, and delete each of them.",
    ways={
        **WAYS,
        "survives": Way(
            "The tag was invalidated, and what carried it can still be read.",
            "Delete the keys that the tag knows, one by one or with delete_many(), and not the tag alone.",
        ),
        "one_tag": Way(
            "A value with two tags was forgotten with one of them and not with the other.",
            "Register the key under every tag: for tag in tags.",
        ),
        "one_process": Way(
            "In the process that stored the values they are forgotten, and in another one they are not: the "
            "tags are kept in a variable of one process.",
            "Keep the index in Redis too, where every process finds it.",
        ),
    },
)
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


@check(
    "G2",
    title="What does not carry the tag stays",
    needs=("G1",),
    means="One invalidation costs others what they had cached.",
    try_="Delete the keys that the tag knows, by name.",
    ways={
        "other_tag": Way(
            "A value with another tag is gone too: a pattern, or a name that begins like it, fits both.",
            "Delete by exact name. 'user' must not find what belongs to 'user-vip'.",
        ),
        "untagged": Way(
            "A value that carries no tag at all is gone.",
            "Delete the keys that the tag knows, by name; no cache.clear(), and no pattern with *.",
        ),
        "foreign": Way(
            "A key of another application in the same database is gone.",
            "cache.clear() empties the whole database, and a pattern with * takes what fits. Delete by name.",
        ),
        "index_lost": Way(
            "One tag was invalidated, and another one does not know its values any more.",
            "Delete the index of this tag only.",
        ),
    },
)
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


@check(
    "G5",
    title="Neither KEYS nor FLUSH",
    needs=("G1",),
    means="KEYS looks at every key there is while everybody waits; FLUSH takes what is not yours.",
    try_="Keep a list of the keys of each tag, and delete those.",
    ways={
        "keys": Way(
            "KEYS (cache.keys() of django-redis) looks at every key, and nobody else is served meanwhile.",
            "Keep a set of the keys of each tag, and read that.",
        ),
        "flush": Way(
            "FLUSHDB (cache.clear() in Django) empties the database for everybody in it.",
            "Delete the keys of the tag, by name.",
        ),
    },
)
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


@check(
    "G3",
    title="The index lives as long as the longest of its values",
    needs=("G1",),
    means="A value that its tag has forgotten cannot be invalidated any more.",
    try_="Never shorten the life of an index: keep the longest timeout, or a fixed one above all of them.",
    ways={
        "forgotten": Way(
            "A value for an hour and one for a minute had the same tag. After two minutes the index was gone "
            "with the short one, and the long one can no longer be invalidated.",
            "The index's timeout must be the longest of its values', not the last. Redis: EXPIRE with GT.",
        ),
    },
)
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


@check(
    "G4",
    title="8 writers at the same time lose none of their 400 keys",
    needs=("G1",),
    means="Two read the set of keys, both add theirs, both store the set: the first one's key is lost.",
    try_="Let Redis add to the set: SADD is one command. get_redis_connection() of django-redis gives it to "
    "you.",
    ways={
        "lost": Way(
            "Between reading the set of keys and storing it again, others did the same: the last one won, "
            "and what they had added is in no set. No invalidation will ever find those keys.",
            "Do not read, change and store. SADD adds to a set inside Redis, and nothing comes in between.",
        ),
    },
)
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


@check(
    "G6",
    title="An index without values goes, or stays small",
    needs=("G1",),
    means="Memory that nobody can use any more grows with every value that was ever tagged.",
    try_="Give the index an expiry that is at least the longest timeout of its values.",
    ways={
        "grows": Way(
            "All values of a tag had expired, and the index still named each of them: it has no expiry, and "
            "grows with each new key for ever.",
            "Give the index an expiry, EXPIRE, or take out what has expired whenever something is added.",
        ),
    },
)
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
