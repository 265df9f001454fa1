"""What the handout's list() does on a miss."""

cache.set("user_list", [{"id": 1, "first_name": "Amina"}, {"id": 2, "first_name": "Okello"}], timeout=300)
