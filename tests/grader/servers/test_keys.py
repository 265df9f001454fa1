from __future__ import annotations

import pytest

from grader.errors import MachineError
from grader.servers.keys import KEYS_SHOWN, keys
from grader.servers.private import PrivateServer


def test_keys_of_all_databases_with_type_and_time_to_live(server: PrivateServer) -> None:
    with server.client() as client:
        client.call("SET", ":1:user_list", b"\x80" * 500, "EX", 300)
        client.call("SELECT", 3)
        client.call("SADD", "tag\x1b[2J", "a")
    found = keys(f"unix://{server.address}?db=1")
    assert found.total == 2
    first, second = found.entries
    assert (first.db, first.key, first.type) == (0, ":1:user_list", "string")
    assert first.ttl is not None
    assert 290 < first.ttl <= 300
    assert first.size is not None
    assert first.size >= 500
    assert (second.db, second.key, second.type, second.ttl) == (3, r"tag\x1b[2J", "set", None)


def test_only_so_many_are_listed_and_all_are_counted(server: PrivateServer) -> None:
    with server.client() as client:
        client.call_many([("SET", f"k{n}", "v") for n in range(1500)])
        client.call("SELECT", 1)
        client.call("SET", "other", "v")
    found = keys(f"unix://{server.address}")
    assert found.total == 1501
    assert len(found.entries) == KEYS_SHOWN


def test_a_server_that_is_not_there_is_a_sentence(server: PrivateServer) -> None:
    with pytest.raises(MachineError, match="No server listens"):
        keys(f"unix://{server.folder}/none")
    with pytest.raises(MachineError, match="no database 99"):
        keys(f"unix://{server.address}?db=99")
