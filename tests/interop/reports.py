"""Reports as docs/wire.md has them: which values are one."""

import re
from collections.abc import Mapping

SIXTY_FOUR = 1 << 63


def is_report(value) -> bool:
    if not isinstance(value, Mapping) or value.get(1) not in (0, 1, 2, 3) or value.get(3) not in (0, 1, 2):
        return False
    rest = {key: item for key, item in value.items() if key not in (1, 2, 3)}
    kinds = {0: is_passage, 1: is_shift, 2: is_roster, 3: is_health}
    return is_int(value.get(2)) and kinds[value[1]](rest)


def is_passage(rest: dict) -> bool:
    carried = {9, 10} & set(rest)
    if set(rest) - carried != {4, 5, 6, 7, 8, 11, 12, 13} or len(carried) != 1:
        return False
    if 9 in rest:
        code = isinstance(rest[9], bytes) and len(rest[9]) <= 512
    else:
        code = is_map(rest[10], {1, 2, 3}) and all(is_text(rest[10][key], most) for key, most in LIMITS_OF_10)
    places = is_id(rest[4]) and is_id(rest[5]) and isinstance(rest[6], bytes) and len(rest[6]) == 32
    numbers = is_within(rest[7], 0, (1 << 64) - 1) and is_within(rest[8], 0, 5) and is_int(rest[11])
    return code and places and numbers and is_within(rest[12], 0, 1) and is_within(rest[13], 0, 1)


LIMITS_OF_10 = ((1, 320), (2, 3), (3, 32))


def is_shift(rest: dict) -> bool:
    if not is_id(rest.get(4)):
        return False
    if rest.get(5) in (0, 1):
        return set(rest) == {4, 5}
    return set(rest) == {4, 5, 6, 7} and rest[5] == 2 and is_id(rest[6]) and is_within(rest[7], 0, 1)


def is_roster(rest: dict) -> bool:
    number, keys = rest.get(5), set(rest) - {4, 5}
    if not is_id(rest.get(4)) or not is_within(number, 0, 7):
        return False
    if number == 6:
        return keys <= {6, 7, 8} and 6 in keys and is_stricter(rest)
    if not is_id(rest.get(6)):
        return False
    named = is_name(rest.get(7), 128) and is_within(rest.get(8), 1, 3)
    place = 9 not in rest or is_place(rest[9])
    hashed = is_name(rest.get(9), 128)
    person = is_name(rest.get(7), 32) and is_name(rest.get(8), 24) and hashed
    code = isinstance(rest.get(10), bytes) and len(rest[10]) <= 512
    phone = 11 not in rest or is_phone(rest[11])
    removal = isinstance(rest.get(10), bytes) and len(rest[10]) == 16
    return {
        0: keys in ({6, 7, 8}, {6, 7, 8, 9}) and named and place,
        1: keys == {6, 7, 8} and named,
        2: keys == {6},
        3: keys in ({6, 7, 8, 9, 10}, {6, 7, 8, 9, 10, 11}) and person and code and phone,
        4: keys == {6},
        5: keys == {6, 9} and hashed,
        7: keys == {6, 7, 8, 9, 10} and person and removal,
    }[number]


def is_phone(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch("[0-9]{1,15}", value) is not None


def is_stricter(rest: dict) -> bool:
    cells = rest[6]
    if not isinstance(cells, (list, tuple)) or len(cells) > 25 or not (cells or 7 in rest or 8 in rest):
        return False
    if any(len(cell) != 2 or not is_within(cell[0], 0, 24) or not is_within(cell[1], 1, 2) for cell in cells):
        return False
    ascend = all(a[0] < b[0] for a, b in zip(cells, cells[1:]))
    return ascend and all(is_within(rest.get(key, 0), 0, 65535) for key in (7, 8))


def is_health(rest: dict) -> bool:
    if set(rest) != {4, 5} or not is_within(rest[5], 0, (1 << 32) - 1):
        return False
    counts = rest[4]
    if not isinstance(counts, (list, tuple)) or len(counts) > 30:
        return False
    if any(len(pair) != 2 or not is_text(pair[0], 17) for pair in counts):
        return False
    codes = [code.encode() for code, _ in counts]
    return codes == sorted(set(codes)) and all(is_within(count, 0, (1 << 32) - 1) for _, count in counts)


def is_place(value) -> bool:
    pair = isinstance(value, (list, tuple)) and len(value) == 2
    return pair and is_within(value[0], -90_000_000, 90_000_000) and is_within(value[1], -180_000_000, 180_000_000)


def is_map(value, keys: set) -> bool:
    return isinstance(value, Mapping) and set(value) == keys


def is_id(value) -> bool:
    return isinstance(value, bytes) and len(value) == 8


def is_int(value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and -SIXTY_FOUR <= value < SIXTY_FOUR


def is_within(value, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def is_text(value, most: int) -> bool:
    return isinstance(value, str) and len(value.encode()) <= most


def is_name(value, most: int) -> bool:
    """A text that is there and holds no control characters."""
    if not is_text(value, most) or not value.strip():
        return False
    return not any(ord(char) < 0x20 or 0x7F <= ord(char) <= 0x9F for char in value)
