from bot.running import keys


def test_key_belongs_to_whom_it_was_made_for() -> None:
    key = keys.new_key()
    assert keys.owner(key, {keys.digest(key): "portal"}) == "portal"
    assert keys.owner(key + "x", {keys.digest(key): "portal"}) is None


def test_keys_differ_and_are_not_in_their_digest() -> None:
    first, second = keys.new_key(), keys.new_key()
    assert first != second
    assert first not in keys.digest(first)
