"""The trust files, from docs/trust-files.md."""

import hashlib
import hmac
from pathlib import Path

from codec import Refused, decode, open_many
from policy import Policy, compose, unbundle

DAY = 86_400
COMMUNITIES, OF_A_COMMUNITY, OF_EVERY_LEVEL = 1, 2, 4


class Fault(Exception):
    """Carries the stable code of what keeps a gate from judging."""


class Trust:
    """What a gate believes."""

    def __init__(self, folder: Path, roots: Path | None = None):
        """`roots` is where root and revocations lie, if elsewhere."""
        roots = roots or folder
        files = {"root": (roots / "root.cose").read_bytes()}
        files |= {name: (folder / f"{name}.cose").read_bytes() for name in ("trust", "community")}
        # The root names its own keys; a station pins its bytes, and here the folder is believed.
        self.root = unsigned_root(files["root"])
        open_many(files["root"], *role(self.root[4]), b"kadian-root-v1")
        self.list = open_many(files["trust"], *role(self.root[5]), b"kadian-trust-v1")
        if self.list[2] != self.root[1]:
            raise Refused("malformed")
        region = unsigned(files["community"])[2]
        keys = keys_that_may(self.root, region, COMMUNITIES)
        # Where it names none of those keys, nobody vouches for it, and it counts for nothing.
        self.is_vouched_for = any(kid in keys for kid in signers(files["community"]))
        if self.is_vouched_for:
            self.community = open_many(files["community"], keys, 1, b"kadian-community-v1")
        else:
            said = open_many(files["community"], {}, 0, b"")
            self.community = {key: said[key] for key in (1, 2, 3, 4, 9, 10)} | {5: "", 7: [], 8: []}
        self.files = files
        self.issuers = {entry[4]: Issuer(entry) for entry in self.list[6]}
        self.salt = self.list[7][1]
        self.revoked = revocations((roots / "revocations.bin").read_bytes(), self.list[7][2])
        self.policies, self.missing = self.choose(unbundle((folder / "policies.cbor").read_bytes()))

    @property
    def region(self) -> str:
        return self.community[2]

    @property
    def is_trial(self) -> bool:
        """Whether the deployment is only for trying; the field is true or absent."""
        if self.root.get(10, True) is not True:
            raise Refused("malformed")
        return 10 in self.root

    def choose(self, files: list):
        """The policies that are named for this community, by their hashes; and the names of the others."""
        here = {hashlib.sha256(file).digest(): file for file in files}
        found, missing = {}, []
        for named in [*self.list[8], *self.community.get(6, [])]:
            region, name = named[1], named[2]
            if not self.region.startswith(region):
                continue
            policy = open_policy(here.get(name, b""), self.root)
            if policy is None or policy.region != region:
                missing.append((region, name))
            else:
                found[name] = policy
        return found, missing

    def fault(self, now: int) -> str:
        """What keeps a gate from judging, the first that holds; nothing if it may judge."""
        issued = [self.root[2], self.list[3]] + [self.community[3]] * self.is_vouched_for
        if now + 120 < max(issued):
            return "clock-wrong"
        if not self.is_vouched_for:
            return "community-not-believed"
        if any(self.community[3] < entry[2] for entry in self.believed_from() if self.region.startswith(entry[1])):
            return "community-not-believed"
        try:
            policy, fault = self.policy(now)[0], ""
        except Fault as error:
            policy, fault = None, str(error)
        until = min(self.list[5], self.list[3] + 45 * DAY)
        if policy is not None and policy.hard is not None:
            until = min(until, self.list[3] + policy.hard)
        if now >= until:
            return "trust-expired"
        if now >= min(self.community[10], self.community[3] + 180 * DAY):
            return "community-expired"
        return fault

    def believed_from(self) -> list:
        return [*self.root.get(9, []), *self.list.get(10, [])]

    def policy(self, now: int):
        """The policy that holds, and the name of the set of policies in force."""
        if self.missing:
            raise Fault("policy-missing")
        chain = []
        for digits in (0, 2, 4, 6, 9, 12):
            level = [
                (policy.since, policy.version, name, policy)
                for name, policy in self.policies.items()
                if len(policy.region) == digits and policy.is_in_force(now)
            ]
            if level:
                chain.append(max(level, key=lambda one: one[:3]))
        if not chain or chain[0][3].region != "":
            raise Fault("no-policy")
        names = b"".join(name for _, _, name, _ in chain)
        return compose([policy for *_, policy in chain]), hashlib.sha256(names).digest()

    def is_withdrawn(self, station: bytes) -> bool:
        return station in self.community.get(11, [])

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


def keys_that_may(root: dict, region: str, grants: int) -> dict:
    """Region keys, by kid, that have one of these grants for the region."""
    return {key[2]: key[3] for key in root[6] if region.startswith(key[1]) and key[4] & grants}


def open_policy(file: bytes, root: dict) -> Policy | None:
    """A policy that a region key signed which may sign it; nothing if none did, or it is none."""
    try:
        region = unsigned(file)[2]
        grants = OF_EVERY_LEVEL | (OF_A_COMMUNITY if len(region) == 12 else 0)
        payload = open_many(file, keys_that_may(root, region, grants), 1, b"kadian-policy-v1")
        return Policy.read(payload)
    except (Refused, ValueError, KeyError, TypeError, IndexError, AttributeError):
        return None


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


def signers(message: bytes) -> list:
    """The kids that a file names as its signers."""
    return [decode(protected)[4] for protected, *_ in decode(message).value[3]]


def unsigned_root(message: bytes) -> dict:
    return unsigned(message)


def unsigned(message: bytes) -> dict:
    """The payload before any signature is checked: it says whose signature counts."""
    return decode(decode(message).value[2])
