from collections.abc import Iterable
from functools import partial

from django.db import transaction


def forget(groups: Iterable[str]) -> None:
    """Forget these groups after the commit; never if it is rolled back."""
    keys = [_stamp_key(group) for group in groups]
    transaction.on_commit(partial(_delete_stamps, keys), robust=True)
