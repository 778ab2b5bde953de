"""Policies: their form, and how several become one; from docs/trust-files.md."""

import functools
import hashlib
from dataclasses import dataclass, replace
from zoneinfo import available_timezones

from codec import Refused, decode, only

PASS, CHECK, STOP = range(3)
LATEST = 253_402_300_799
# The limits that a permission can name, by their keys in a policy.
FEVER, DECLARATION, SOFT, HARD, ADD, CERTIFICATES = LIMITS = (7, 8, 10, 11, 12, 14)
WINDOWS = (3, 4, 5)
YEAR_AND_DAY = 5


@dataclass(frozen=True)
class Policy:
    """One policy, or several that have become one."""

    version: int
    region: str
    since: int
    until: int | None
    table: tuple
    fever: int
    declaration: int
    repeat: int
    soft: int | None
    hard: int | None
    add: bool
    address: str
    row: dict | None
    birth: int
    zone: str
    milder: tuple
    screen: tuple | None
    idle: int
    kept: int | None
    days: int | None

    @staticmethod
    def read(fields: dict) -> "Policy":
        check(set(fields) <= set(range(1, 21)) and {1, 2, 3, 4, 6, 7, 8, 9, 12, 13, 15} <= set(fields))
        check(is_uint(fields[1]) and fields[1] >= 1 and is_region(fields[2]) and is_text(fields[3], 128))
        check(is_time(fields[4]) and (5 not in fields or (is_time(fields[5]) and fields[5] > fields[4])))
        check(len(fields[6]) == 5 and all(len(row) == 5 and all(is_within(cell, 0, 2) for cell in row) for row in fields[6]))
        check(is_within(fields[7], 300, 450) and all(is_uint32(fields[key]) for key in (8, 9)))
        check(all(is_uint32(fields[key]) for key in (10, 11) if key in fields))
        check(isinstance(fields[12], bool) and is_address(fields[13]))
        check(fields[15] in available_timezones())
        row = fields.get(14)
        if row is not None:
            check_row(row)
        milder = fields.get(16, ())
        check(16 not in fields or 1 <= len(milder) <= 64)
        check(all(is_permission(entry, fields[2]) for entry in milder))
        check(all(a[1] < b[1] for a, b in zip(milder, milder[1:])))
        screen = fields.get(17)
        if screen is not None:
            check(set(screen) == {1, 2, 3, 4} and all(is_within(seconds, 5, 600) for seconds in screen.values()))
        check(18 not in fields or is_within(fields[18], 1, 720))
        check(19 not in fields or is_within(fields[19], 0, 100_000))
        check(20 not in fields or is_within(fields[20], 1, 3650))
        return Policy(
            version=fields[1],
            region=fields[2],
            since=fields[4],
            until=fields.get(5),
            table=tuple(cell for row in fields[6] for cell in row),
            fever=fields[7],
            declaration=fields[8],
            repeat=fields[9],
            soft=fields.get(10),
            hard=fields.get(11),
            add=fields[12],
            address=fields[13],
            row=row,
            birth=(row or {}).get(7, YEAR_AND_DAY),
            zone=fields[15],
            milder=tuple(milder),
            screen=None if screen is None else tuple(screen[key] for key in (1, 2, 3, 4)),
            idle=fields.get(18, 30),
            kept=fields.get(19),
            days=fields.get(20),
        )

    def is_in_force(self, now: int) -> bool:
        return self.since <= now and (self.until is None or now < self.until)

    def lets(self, item: tuple, region: str) -> bool:
        """Whether a policy of this region may be milder in an item: `(2, cell)` or `(3, limit)`."""
        key, number = item
        return any(number in entry.get(key, ()) and region.startswith(entry[1]) for entry in self.milder)


def compose(chain: list) -> Policy:
    """What holds where all of these are in force, from the widest to the narrowest."""

    def counting(item: tuple) -> list:
        return [
            policy
            for at, policy in enumerate(chain)
            if not any(policy.lets(item, narrower.region) for narrower in chain[at + 1 :])
        ]

    def of(limit: int, value) -> list:
        return [found for found in map(value, counting((3, limit))) if found is not None]

    rows = [policy.row for policy in counting((3, CERTIFICATES))]
    return replace(
        chain[-1],
        table=tuple(max(policy.table[cell] for policy in counting((2, cell))) for cell in range(25)),
        fever=min(of(FEVER, lambda policy: policy.fever)),
        declaration=min(of(DECLARATION, lambda policy: policy.declaration)),
        soft=min(of(SOFT, lambda policy: policy.soft), default=None),
        hard=min(of(HARD, lambda policy: policy.hard), default=None),
        add=all(of(ADD, lambda policy: policy.add)),
        row=functools.reduce(both_rows, rows),
        birth=functools.reduce(lambda a, b: a & b, of(CERTIFICATES, lambda policy: policy.birth)),
        address=next((policy.address for policy in reversed(chain) if policy.address), ""),
        screen=next((policy.screen for policy in reversed(chain) if policy.screen), None),
        idle=min(policy.idle for policy in chain),
        kept=max((policy.kept for policy in chain if policy.kept is not None), default=None),
        days=min((policy.days for policy in chain if policy.days is not None), default=None),
        milder=(),
    )


def both_rows(a: dict | None, b: dict | None) -> dict | None:
    """The row that accepts what both accept; without a row every certificate is accepted with a check."""
    if a is None and b is None:
        return None
    if a is None or b is None:
        row = a or b
        return row | {1: max(row[1], CHECK)}
    accepted = max(a[1], b[1])
    windows = {}
    for key in WINDOWS:
        if key in a and key in b:
            since, until = max(a[key][0], b[key][0]), min(a[key][1], b[key][1])
            if since <= until:
                windows[key] = (since, until)
    return {1: accepted, 2: max(a[2], b[2], accepted), 6: max(a[6], b[6])} | windows


def unbundle(file: bytes) -> list:
    """The files of a policies.cbor; one that is not readable is empty."""
    try:
        files = decode(file)
        only(file, files)
        check(isinstance(files, (list, tuple)) and len(files) <= 64)
        check(all(isinstance(policy, bytes) and len(policy) <= 16_384 for policy in files))
        hashes = [hashlib.sha256(policy).digest() for policy in files]
        check(all(a < b for a, b in zip(hashes, hashes[1:])))
        return list(files)
    except Refused:
        return []


def check_row(row: dict) -> None:
    check(set(row) <= {1, 2, 3, 4, 5, 6, 7} and {1, 2, 6} <= set(row))
    check(is_within(row[1], 0, 2) and is_within(row[2], 1, 2) and is_within(row[6], 0, 99))
    for key in WINDOWS:
        if key in row:
            check(len(row[key]) == 2 and all(map(is_uint32, row[key])) and row[key][0] <= row[key][1])
    check(7 not in row or is_within(row[7], 0, 7))


def is_permission(entry: dict, region: str) -> bool:
    cells, limits = entry.get(2, ()), entry.get(3, ())
    ascending = all(list(numbers) == sorted(set(numbers)) for numbers in (cells, limits))
    return (
        set(entry) <= {1, 2, 3}
        and len(entry) > 1
        and is_region(entry[1])
        and entry[1].startswith(region)
        and all(entry[key] for key in (2, 3) if key in entry)
        and ascending
        and all(is_within(cell, 0, 24) for cell in cells)
        and all(limit in LIMITS for limit in limits)
    )


def check(holds: bool) -> None:
    if not holds:
        raise Refused("malformed")


def is_uint(value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def is_uint32(value) -> bool:
    return is_uint(value) and value < 2**32


def is_within(value, least: int, most: int) -> bool:
    return is_uint(value) and least <= value <= most


def is_time(value) -> bool:
    return is_within(value, 0, LATEST)


def is_region(value) -> bool:
    return isinstance(value, str) and len(value) in (0, 2, 4, 6, 9, 12) and value.isascii() and (value == "" or value.isdigit())


def is_text(value, most: int) -> bool:
    return isinstance(value, str) and len(value.encode()) <= most and (value == "" or value.isprintable())


def is_address(value) -> bool:
    web = isinstance(value, str) and value.startswith(("https://", "http://"))
    return value == "" or (web and len(value) <= 256 and all("!" <= char <= "~" for char in value))
