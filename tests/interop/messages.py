"""The messages of docs/wire.md, read as strictly as the page says: every case of every folder of vectors."""

import base64
import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from codec import Refused, base32_decode, decode, header, only, split1, ticket_text, verify
from reports import is_int, is_name, is_report, is_within
from wire import hpke_open

KIB = 1024
MIB = 1024 * KIB


class Constants:
    """What `constants.tsv` says of the folder's keys, ids and moment."""

    def __init__(self, folder: Path):
        rows = [line.split("\t") for line in (folder / "constants.tsv").read_text().splitlines()[1:]]
        self.rows = dict(rows)
        self.now = int(self.rows["now"])

    def __getitem__(self, name: str) -> bytes:
        return bytes.fromhex(self.rows[name])

    def public(self, name: str) -> bytes:
        return Ed25519PrivateKey.from_private_bytes(self[name]).public_key().public_bytes_raw()


def judged(message: str, data: bytes, known: Constants) -> str:
    """What a reader says of a message: `accepted`, or the name of the folder that it belongs to."""
    try:
        READERS[message](data, known)
    except Refused as refused:
        code = str(refused)
        return code if code in ("too-large", "signature", "stale", "other-batch", "seal", "report") else "malformed"
    return "accepted"


def ticket(data: bytes, _: Constants) -> None:
    need(len(data) <= 16 * KIB)
    text = ticket_text(data.decode("utf-8", "replace"))
    need(len(text) <= 2632 and text.startswith("KDT1:"))
    fields = fields_of(base32_decode(text[5:]), {1, 3, 4, 5}, {2, 6, 7, 8})
    need(all(is_name(fields[key], 128) for key in (6, 7, 8) if key in fields))
    url, ca = fields[1], fields.get(2)
    need(isinstance(url, str) and len(url.encode()) <= 256 and is_int(fields[5]))
    need(ca is None or is_bytes(ca, most=900))
    need(is_bytes(fields[3], 32) and is_bytes(fields[4], 16))
    if url.startswith("https://"):
        need(ca is not None and len(url) > 8)
    else:
        need(url.startswith("http://") and ca is None)
        authority = url[7:].split("/")[0]
        host, colon, port = authority.rpartition(":")
        need((host if colon and port.isdigit() else authority) in ("localhost", "127.0.0.1", "[::1]"))


def enrolment(data: bytes, _: Constants) -> None:
    need(len(data) <= KIB, "too-large")
    protected, unprotected, payload, signature = split1(data)
    kid = header(protected, unprotected)
    fields = fields_of(payload, {1, 2, 3, 4})
    need(is_bytes(fields[1], 16) and is_bytes(fields[2], 32) and is_bytes(fields[4], 32))
    need(is_name(fields[3], 128))
    need(kid == hashlib.sha256(fields[2]).digest()[:8], "signature")
    verify(fields[2], signature, ["Signature1", protected, b"kadian-enrol-v1", payload])


def answer(data: bytes, _: Constants) -> None:
    fields = fields_of(data, {1, 2, 3, 4, 5, 6, 7})
    need(is_bytes(fields[1], 16) and is_int(fields[2]))
    need(all(is_bytes(fields[key], most=32 * MIB) for key in (3, 4, 5, 6)))
    policies = fields[7]
    need(is_list(policies, 0, 64) and all(is_bytes(policy, most=16 * KIB) for policy in policies))
    need(ascends([hashlib.sha256(policy).digest() for policy in policies]))


def batch(data: bytes, known: Constants) -> None:
    need(len(data) <= 512 * KIB, "too-large")
    payload = opened(data, known.public("station private key"), b"kadian-batch-v1", None)
    fields = fields_of(payload, {1, 2, 3}, {4, 5})
    need(isinstance(fields[3], (list, tuple)))
    need(len(fields[3]) <= 500, "too-large")
    for report in fields[3]:
        sealed_report(report)
    records = [report[2] for report in fields[3]]
    need(len(set(records)) == len(records))
    awaits = fields.get(4, [bytes(16)])
    need(is_list(awaits, 1, 32) and all(is_bytes(record, 16) for record in awaits))
    need(len(set(awaits)) == len(awaits))
    if 5 in fields:
        about = fields[5]
        need(isinstance(about, Mapping) and set(about) == {1, 2, 3, 4})
        need(is_uint(about[1]) and is_name(about[2], 32) and is_int(about[3]) and is_within(about[4], 0, 2))


def sealed_report(report: object) -> None:
    need(is_list(report, 6, 6))
    stream, seq, record, kid, link, sealed = report
    need(is_bytes(stream, 16) and is_uint(seq) and is_bytes(record, 16) and is_bytes(kid, 8))
    need(is_bytes(link, 32) and is_bytes(sealed, most=816))


def receipt(data: bytes, known: Constants) -> None:
    need(receipt_of(data, known)[:2] == (known["station"], known["batch"]), "other-batch")


def receipt_of(data: bytes, known: Constants) -> tuple:
    """Station, batch and lines of a receipt."""
    need(len(data) <= MIB, "too-large")
    payload = opened(data, known.public("receipt private key"), b"kadian-receipt-v1", known["receipt kid"])
    to = (payload[3:19], payload[21:37])
    if to != (known["station"], known["batch"]):
        return (*to, ())
    fields = fields_of(payload, {1, 2, 3, 4, 5, 6, 7, 8, 11, 13, 14}, {9, 10, 12})
    need(is_int(fields[3]) and is_list(fields[4], 0, 500) and is_bytes(fields[13], 16))
    need(isinstance(fields[14], str) and re.fullmatch("[0-9]{12}", fields[14], re.ASCII))
    for line in fields[4]:
        need(is_list(line, 3, 3) and is_bytes(line[0], 16) and is_bytes(line[1], 32) and is_within(line[2], 0, 2))
    for key in (5, 6, 7, 11):
        need(is_list(fields[key], 2, 2) and is_uint(fields[key][0]) and is_bytes(fields[key][1], 32))
    need(isinstance(fields[8], Mapping) and set(fields[8]) == {1, 2})
    need(is_within(fields[8][1], 0, 300) and is_within(fields[8][2], 10, 3600))
    if 9 in fields:
        need(isinstance(fields[9], Mapping) and set(fields[9]) == {1, 2})
        need(is_int(fields[9][1]) and isinstance(fields[9][2], str) and len(fields[9][2].encode()) <= 128)
    for notice in fields.get(10, [[bytes(16), "none"]]):
        need(is_list(notice, 2, 2) and is_bytes(notice[0], 16) and is_name(notice[1], 32))
    need(10 not in fields or is_list(fields[10], 1, 32))
    if 12 in fields:
        need(is_list(fields[12], 2, 2) and is_bytes(fields[12][0], 16) and is_uint(fields[12][1]))
    return (*to, fields[4])


def erasure(data: bytes, known: Constants) -> None:
    need(len(data) <= 192 * KIB, "malformed")
    protected, unprotected, payload, signature = split1(data)
    kid = header(protected, unprotected)
    need(kid == known["receipt kid"], "signature")
    verify(known.public("receipt private key"), signature, ["Signature1", protected, b"kadian-erasure-v1", payload])
    fields = fields_of(payload, {1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14}, {4})
    need(is_bytes(fields[1], 16) and all(is_int(fields[key]) for key in (2, 3, 12)))
    need(4 not in fields or is_bytes(fields[4], 8))
    need(isinstance(fields[5], str) and re.fullmatch("[0-9]{0,12}", fields[5], re.ASCII))
    need(all(is_uint(fields[key]) for key in (6, 7, 8, 9, 10, 14)) and isinstance(fields[11], bool))
    need(is_list(fields[13], 0, 1000))
    for copy in fields[13]:
        need(is_list(copy, 2, 3) and isinstance(copy[0], str) and len(copy[0].encode()) <= 120)
        need(all(is_int(moment) for moment in copy[1:]))


def again(data: bytes, known: Constants) -> None:
    need(len(data) <= 4 * KIB, "too-large")
    protected, unprotected, payload, signature = split1(data)
    kid = header(protected, unprotected)
    fields = fields_of(payload, {1, 2, 3, 4})
    need(is_bytes(fields[1], 32) and is_bytes(fields[2], 32) and is_bytes(fields[4], most=3 * KIB))
    need(is_name(fields[3], 128))
    need(kid == hashlib.sha256(fields[1]).digest()[:8], "signature")
    verify(fields[1], signature, ["Signature1", protected, b"kadian-again-v1", payload])
    try:
        station, _, lines = receipt_of(fields[4], known)
    except Refused:
        raise Refused("signature") from None
    need(station == hashlib.sha256(fields[1]).digest()[:16], "signature")
    need(len(lines) == 0)


def again_answer(data: bytes, _: Constants) -> None:
    need(is_bytes(fields_of(data, {1})[1], 16))


def token(data: bytes, known: Constants) -> None:
    need(len(data) <= 512 and b"=" not in data)
    try:
        message = base64.urlsafe_b64decode(data + b"=" * (-len(data) % 4))
    except ValueError:
        raise Refused("malformed") from None
    protected, unprotected, payload, signature = split1(message)
    kid = header(protected, unprotected)
    fields = fields_of(payload, {1, 2})
    need(is_bytes(fields[1], 16) and is_int(fields[2]) and kid == fields[1][:8])
    key = known.public("station private key")
    verify(key, signature, ["Signature1", protected, b"kadian-token-v1", payload])
    need(abs(known.now - fields[2]) <= 600, "stale")


def seal(data: bytes, known: Constants) -> None:
    need(len(data) == 816, "seal")
    place = known["place: stream"] + int(known.rows["place: seq"]).to_bytes(8, "big") + known["place: record"]
    aad = known["station"] + place + known["recipient kid"] + known["place: link"]
    try:
        padded = hpke_open(known["recipient private key"], b"kadian-report-v1", aad, data)
    except InvalidTag:
        raise Refused("seal") from None
    report = padded.rstrip(b"\0")
    need(len(padded) == 768 and report[-1:] == b"\x80", "report")
    value = decode(report[:-1])
    only(report[:-1], value)
    need(is_report(value), "report")


def stick_reports(data: bytes, _: Constants) -> None:
    fields = fields_of(data, {1, 2})
    need(is_bytes(fields[1], 16) and is_list(fields[2], 1, 256))
    need(all(is_bytes(message, most=512 * KIB) for message in fields[2]))


def stick_unsigned(data: bytes, _: Constants) -> None:
    fields = fields_of(data, {1, 2})
    need(is_bytes(fields[1], 16) and is_list(fields[2], 1, 128_000))
    for report in fields[2]:
        sealed_report(report)


def stick_receipts(data: bytes, _: Constants) -> None:
    need(len(data) <= 32 * MIB, "too-large")
    fields = fields_of(data, {1})
    need(is_list(fields[1], 1, 256) and all(is_bytes(message, most=MIB) for message in fields[1]))


def stick_community(data: bytes, known: Constants) -> bytes:
    fields = fields_of(data, {1, 2})
    need(is_bytes(fields[1], most=32 * MIB + 16) and is_list(fields[2], 1, 4096))
    for entry in fields[2]:
        need(is_list(entry, 2, 2) and is_bytes(entry[0], 16) and is_bytes(entry[1], 80))
    need(ascends([station for station, _ in fields[2]]))
    sealed = dict(fields[2]).get(known["station"])
    need(sealed is not None, "seal")
    try:
        private = known["station private key for sticks"]
        content_key = hpke_open(private, b"kadian-stick-v1", known["station"], sealed)
        return ChaCha20Poly1305(content_key).decrypt(bytes(12), fields[1], b"kadian-stick-v1")
    except InvalidTag:
        raise Refused("seal") from None


def stick_answer(data: bytes, known: Constants) -> bytes:
    fields = fields_of(data, {1, 2, 3, 4, 5})
    need(is_bytes(fields[1], 16) and is_bytes(fields[2], 16) and is_bytes(fields[5], 80))
    need(is_bytes(fields[3], most=MIB) and is_bytes(fields[4], most=129 * MIB + 1232))
    info = b"kadian-stick-answer-v1"
    try:
        private = known["station private key for sticks"]
        content_key = hpke_open(private, info, fields[1], fields[5])
        opened = ChaCha20Poly1305(content_key).decrypt(bytes(12), fields[4], info)
    except (InvalidTag, ValueError):  # also a key of small order
        raise Refused("seal") from None
    answer(opened, known)
    return opened


def stick_refusal(data: bytes, _: Constants) -> None:
    need(len(data) <= 128, "too-large")
    fields = fields_of(data, {1, 2, 3}, {4})
    need(is_bytes(fields[1], 16) and is_bytes(fields[2], 16))
    need(isinstance(fields[3], str) and re.fullmatch("[a-z-]{1,32}", fields[3]) is not None)
    need(4 not in fields or is_within(fields[4], -(2**63), 2**63 - 1))


READERS = {
    "ticket": ticket,
    "enrolment": enrolment,
    "answer": answer,
    "batch": batch,
    "receipt": receipt,
    "erasure": erasure,
    "again": again,
    "again-answer": again_answer,
    "token": token,
    "seal": seal,
    "stick-reports": stick_reports,
    "stick-unsigned": stick_unsigned,
    "stick-receipts": stick_receipts,
    "stick-community": stick_community,
    "stick-answer": stick_answer,
    "stick-refusal": stick_refusal,
}


def opened(message: bytes, public: bytes, purpose: bytes, kid: bytes | None) -> bytes:
    """The payload of a batch or a receipt, whose ids are known before anything is decoded."""
    protected, unprotected, payload, signature = split1(message)
    named = header(protected, unprotected)
    need(payload[1:3] == b"\x01\x50" and payload[19:21] == b"\x02\x50" and len(payload) >= 37)
    station, batch_id = payload[3:19], payload[21:37]
    need(named == (station[:8] if kid is None else kid), "signature")
    verify(public, signature, ["Signature1", protected, purpose + station + batch_id, payload])
    return payload


def fields_of(data: bytes, needed: set, optional: frozenset | set = frozenset()) -> Mapping:
    value = decode(data)
    only(data, value)
    need(isinstance(value, Mapping) and needed <= set(value) <= needed | optional)
    return value


def need(holds: bool, code: str = "malformed") -> None:
    if not holds:
        raise Refused(code)


def is_bytes(value, exactly: int | None = None, most: int | None = None) -> bool:
    return isinstance(value, bytes) and exactly in (None, len(value)) and (most is None or len(value) <= most)


def is_list(value, least: int, most: int) -> bool:
    return isinstance(value, (list, tuple)) and least <= len(value) <= most


def is_uint(value) -> bool:
    return is_within(value, 0, (1 << 64) - 1)


def ascends(values: list) -> bool:
    return all(a < b for a, b in zip(values, values[1:]))
