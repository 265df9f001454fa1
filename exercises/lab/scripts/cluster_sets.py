"""Store as many values as WORKSHOP_COUNT says; print how many succeeded, and how one that did not was answered."""

stored, refused = 0, ""
for number in range(int(os.environ["WORKSHOP_COUNT"])):
    try:
        cache.set(f"user_{number}", number, 60)
        stored += 1
    except Exception as error:
        why = error.__cause__ or error
        refused = f"{type(why).__name__}: {why}"
print(stored)
print(refused)
