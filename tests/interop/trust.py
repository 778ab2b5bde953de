"""The trust files, from docs/trust-files.md."""

import hashlib
import hmac
from pathlib import Path

from codec import Refused, open_many


class Trust:
    """What a gate believes."""

    def __init__(self, folder: Path):
        files = {name: (folder / f"{name}.cose").read_bytes() for name in ("root", "trust", "community")}
        # The root names its own keys; a station pins its bytes, and here the folder is believed.
        self.root = unsigned_root(files["root"])
        open_many(files["root"], *role(self.root[4]), b"kadian-root-v1")
        self.list = open_many(files["trust"], *role(self.root[5]), b"kadian-trust-v1")
        if self.list[2] != self.root[1]:
            raise Refused("malformed")
        regions = {entry[2]: entry[3] for entry in self.root[6]}
        self.community = open_many(files["community"], regions, 1, b"kadian-community-v1")
        self.files = files
        self.issuers = {entry[4]: Issuer(entry) for entry in self.list[6]}
        self.salt = self.list[7][1]
        self.revoked = revocations((folder / "revocations.bin").read_bytes(), self.list[7][2])

    @property
    def region(self) -> str:
        return self.community[2]

    def policy(self, now: int) -> dict:
        own = self.community.get(6)
        if own and own[4] <= now < own.get(5, now + 1):
            return own
        return self.list[8]

    def is_revoked(self, iss: str, pseudonym: bytes) -> bool:
        return revocation(self.salt, iss, pseudonym) in self.revoked

    def recipient(self, now: int):
        """kid and key that reports are sealed to: of those in use the one that began last."""
        keys = self.root[7]
        in_use = [key for key in keys if key[3] <= now < key[4]] or keys
        chosen = max(in_use, key=lambda key: key[3])
        return chosen[1], chosen[2]

    def receipt_keys(self) -> dict:
        return {key[1]: key[2] for key in self.root[8]}


class Issuer:
    """One entry of the list."""

    def __init__(self, entry: dict):
        self.iss, self.key = entry[1], entry[5]
        self.regions, self.foreign = entry[6], entry[7]
        self.since, self.until = entry[8], entry[9]
        self.life, self.static_life = entry[10], entry[11]
        self.has_colours, self.recognised_in = entry[12], entry[13]
        self.cut_off = entry.get(15)
        self.passed_on = entry.get(17, False)


def recognises(issuers: dict, issuer: Issuer, region: str) -> bool:
    """By one of its regions, or where it is passed on by whoever issues for one of them."""
    waiting, asked = [issuer], set()
    while waiting:
        issuer = waiting.pop()
        if any(region.startswith(there) for there in issuer.recognised_in):
            return True
        for there in issuer.recognised_in if issuer.passed_on else []:
            if there not in asked:
                asked.add(there)
                waiting += [one for one in issuers.values() if not one.foreign and there in one.regions]
    return False


def revocations(file: bytes, named: dict) -> set:
    """The entries of the file, which must be those that the list names by hash."""
    entries = [file[at : at + 8] for at in range(0, len(file), 8)]
    if len(file) % 8 or any(a >= b for a, b in zip(entries, entries[1:])):
        raise Refused("malformed")
    chunks = {}
    for entry in entries:
        chunks[entry[0]] = chunks.get(entry[0], b"") + entry
    if {byte: hashlib.sha256(chunk).digest() for byte, chunk in chunks.items()} != named:
        raise Refused("malformed")
    return set(entries)


def revocation(salt: bytes, iss: str, pseudonym: bytes) -> bytes:
    return hmac.digest(salt, iss.encode() + b"\0" + pseudonym, "sha256")[:8]


def role(entry: dict):
    return {key[1]: key[2] for key in entry[2]}, entry[1]


def unsigned_root(message: bytes) -> dict:
    import cbor2

    return cbor2.loads(cbor2.loads(message).value[2])
