import hashlib


def name_of(pk=None):
    """Abantu is the people, umuntu is one of them."""
    plain = "abantu" if pk is None else f"umuntu {pk}"
    return hashlib.blake2s(plain.encode()).hexdigest()
