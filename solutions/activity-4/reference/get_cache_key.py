def get_cache_key(prefix, identifier=None):
    """The name of one cached answer.

    The parts are joined by a colon, which is in none of them, so that two different things never make
    one name. Compared with None, so that 0 is an identifier too.
    """
    if identifier is None:
        return f"users:{prefix}"
    return f"users:{prefix}:{identifier}"
