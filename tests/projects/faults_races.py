"""The orders in which a write and its clearing can be done, and what each race finds.

The good one is the reference (stamps, deleted after the commit). The bad ones: cleared before the write,
cleared inside the transaction, and the new value stored before the commit.
"""

from __future__ import annotations

from tests.projects.control import SIGNALS, Change, Control
from tests.projects.small import SMALL
from tests.trees import Kind

_ON_COMMIT = "transaction.on_commit(lambda: cache.delete_many(keys), robust=True)"
_RECEIVE = "import post_delete, post_save"
_DELETE_RECEIVER = "@receiver(post_delete, sender=User)"
_SAVE_RECEIVER = "@receiver(post_save, sender=User)"

_BEFORE = (
    Change(SIGNALS, _RECEIVE, "import pre_delete, pre_save"),
    Change(SIGNALS, _SAVE_RECEIVER, "@receiver(pre_save, sender=User)"),
    Change(SIGNALS, _DELETE_RECEIVER, "@receiver(pre_delete, sender=User)"),
    Change(SIGNALS, "instance, created, update_fields", "instance, update_fields"),
    Change(SIGNALS, _ON_COMMIT, "cache.delete_many(keys)"),
)

_WRITE_THROUGH = '!= {"last_login"}:\n        '
_STORE = (
    "from .serializers import UserSerializer\n\n"
    '        cache.set(f"users:detail:{instance.pk}", UserSerializer(instance).data, 300)\n        '
)

RACES: dict[str, Control] = {
    "order: stamps deleted after the commit": Control(
        Kind.REFERENCE, (), {}, ("I2", "I5", "I10", "I11", "I12", "I17")
    ),
    "order: keys deleted after the commit": Control(
        SMALL, (), {"I17": ""}, ("I2", "I5", "I10", "I11", "I12")
    ),
    "order: cleared before the write": Control(
        SMALL, _BEFORE, {"I10": "list", "I11": "list", "I17": ""}, ("I1", "I2", "I4", "I5", "I12")
    ),
    "order: cleared inside the transaction": Control(
        SMALL,
        (Change(SIGNALS, _ON_COMMIT, "cache.delete_many(keys)"),),
        {"I11": "list", "I17": ""},
        ("I1", "I2", "I5", "I10", "I12"),
    ),
    "order: a deletion cleared inside its transaction": Control(
        SMALL,
        (
            Change(
                SIGNALS,
                "**kwargs):\n    forget(instance.pk)",
                '**kwargs):\n    cache.delete_many(["users:list", f"users:detail:{instance.pk}"])',
            ),
        ),
        {"I11": "list"},
        ("I1", "I2", "I4", "I5", "I10", "I12"),
    ),
    "order: the new value stored before the commit": Control(
        SMALL,
        (Change(SIGNALS, _WRITE_THROUGH, _WRITE_THROUGH + _STORE),),
        {"I12": ""},
        ("I1", "I2", "I3", "I5", "I10", "I11"),
    ),
    "stamps deleted inside the transaction": Control(
        Kind.REFERENCE,
        (
            Change(
                "users/user_cache.py",
                "transaction.on_commit(partial(_delete_stamps, stamps), robust=True)",
                "_delete_stamps(stamps)",
            ),
        ),
        {"I11": "list"},
        ("I1", "I2", "I5", "I10", "I12"),
    ),
    "stamps deleted before the write": Control(
        Kind.REFERENCE,
        (
            Change("users/cache_signals.py", "import post_delete, post_save", "import pre_delete, pre_save"),
            Change("users/cache_signals.py", _SAVE_RECEIVER, "@receiver(pre_save, sender=User)"),
            Change("users/cache_signals.py", _DELETE_RECEIVER, "@receiver(pre_delete, sender=User)"),
            Change(
                "users/user_cache.py",
                "transaction.on_commit(partial(_delete_stamps, stamps), robust=True)",
                "_delete_stamps(stamps)",
            ),
        ),
        {"I11": "list"},
        ("I1", "I2", "I5", "I12"),
    ),
    "whoever stores an answer stores its stamp again": Control(
        Kind.REFERENCE,
        (
            Change(
                "users/user_cache.py",
                "    data = build()\n    cache.set(key, [stamp, data]",
                "    data = build()\n    cache.set(_stamp_key(group), stamp)\n"
                "    cache.set(key, [stamp, data]",
            ),
        ),
        {"I17": ""},
        ("I2", "I5", "I10", "I11", "I12"),
    ),
}
