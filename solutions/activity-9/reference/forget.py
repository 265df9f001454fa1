from collections.abc import Iterable
from functools import partial

from django.db import transaction


def forget(groups: Iterable[str]) -> None:
    """Forget these groups after the commit; never if it is rolled back."""
    stamps = [_stamp_key(group) for group in groups]
    # Robust: an error here must not make a write look undone that was done.
    transaction.on_commit(partial(_delete_stamps, stamps), robust=True)
