"""Enrolment, sealed reports, batches and receipts, from docs/wire.md: a station in another language."""

import base64
import hashlib
import hmac
import json
import os
import time
import urllib.error
import urllib.request
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from codec import base32_decode, decode, encode, only, open1, sign1, ticket_text

COSE, CBOR = "application/cose", "application/cbor"


class Ticket:
    """What the back office shows once."""

    def __init__(self, text: str):
        text = ticket_text(text)
        assert text.startswith("KDT1:"), text
        data = base32_decode(text[5:])
        fields = decode(data)
        only(data, fields)
        self.url, self.root, self.secret = fields[1], fields[3], fields[4]
        assert fields[5] > time.time(), "the ticket is over"


class Answer:
    """Status, media type and body of an answer; `code` of a refusal."""

    def __init__(self, status: int, media: str, body: bytes):
        self.status, self.media, self.body = status, media, body
        self.code = json.loads(body)["code"] if status >= 400 else None


def ask(url: str, body: bytes | None = None, headers: dict | None = None) -> Answer:
    request = urllib.request.Request(url, data=body, headers=headers or {})
    if body is not None:
        request.add_header("Content-Type", COSE)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return Answer(answer.status, answer.headers["Content-Type"], answer.read())
    except urllib.error.HTTPError as error:
        return Answer(error.code, error.headers["Content-Type"], error.read())


class Station:
    """An enrolled station, with nothing on a disk."""

    def __init__(self, ticket: Ticket, name: str):
        self.key = Ed25519PrivateKey.generate()
        self.url = ticket.url
        public = self.key.public_key().public_bytes_raw()
        kid = hashlib.sha256(public).digest()[:8]
        self.name, self.stick_key = name, X25519PrivateKey.generate()
        sealing = self.stick_key.public_key().public_bytes_raw()
        request = encode({1: ticket.secret, 2: public, 3: name, 4: sealing})
        self.enrolment = sign1(self.key, kid, request, b"kadian-enrol-v1")
        answer = ask(f"{self.url}/v1/enrol", self.enrolment)
        assert (answer.status, answer.media) == (200, CBOR), answer.body
        fields = decode(answer.body)
        only(answer.body, fields)
        assert set(fields) == {1, 2, 3, 4, 5, 6, 7}
        assert hashlib.sha256(fields[3]).digest() == ticket.root, "another root than the ticket's"
        assert abs(fields[2] - time.time()) < 120
        self.id = fields[1]
        assert self.id == hashlib.sha256(public).digest()[:16], "another station's id"
        self.files = {"root": fields[3], "trust": fields[4], "community": fields[5]}
        self.revocations, self.policies = fields[6], fields[7]
        hashes = [hashlib.sha256(policy).digest() for policy in self.policies]
        assert hashes == sorted(set(hashes)), "policies out of order"
        self.stream, self.seq, self.head = os.urandom(16), 0, bytes(32)

    @property
    def kid(self) -> bytes:
        return self.id[:8]

    def save(self, folder: Path) -> None:
        folder.mkdir()
        for name, data in self.files.items():
            (folder / f"{name}.cose").write_bytes(data)
        (folder / "revocations.bin").write_bytes(self.revocations)
        (folder / "policies.cbor").write_bytes(encode(list(self.policies)))

    def seal(self, report: dict, kid: bytes, recipient: bytes) -> list:
        """One report in its place of the chain, as a batch carries it."""
        padded = encode(report) + b"\x80"
        assert len(padded) <= 768
        padded = padded.ljust(768, b"\0")
        record, link = os.urandom(16), self.head
        aad = self.id + self.stream + self.seq.to_bytes(8, "big") + record + kid + link
        sealed = hpke_seal(recipient, b"kadian-report-v1", aad, padded)
        assert len(sealed) == 816
        row = [self.stream, self.seq, record, kid, link, sealed]
        self.seq += 1
        self.head = hashlib.sha256(link + hashlib.sha256(sealed).digest()).digest()
        return row

    def batch(self, batch: bytes, rows: list, key: Ed25519PrivateKey | None = None, awaits: list = ()) -> bytes:
        """A signed batch. `awaits` are records of changes: what became of them?"""
        aad = b"kadian-batch-v1" + self.id + batch
        fields = {1: self.id, 2: batch, 3: rows} | ({4: list(awaits)} if awaits else {})
        return sign1(key or self.key, self.kid, encode(fields), aad)

    def send(self, message: bytes) -> Answer:
        return ask(f"{self.url}/v1/batches", message)

    def again(self, receipt: bytes, key: Ed25519PrivateKey | None = None) -> bytes:
        """What a station says to an office that does not know it; perhaps by another key than its own."""
        key = key or self.key
        public, sealing = key.public_key().public_bytes_raw(), self.stick_key.public_key().public_bytes_raw()
        request = encode({1: public, 2: sealing, 3: self.name, 4: receipt})
        return sign1(key, hashlib.sha256(public).digest()[:8], request, b"kadian-again-v1")

    def introduce(self, message: bytes) -> Answer:
        return ask(f"{self.url}/v1/stations/again", message)

    def receipt(self, answer: Answer, batch: bytes, keys: dict) -> dict:
        """Opens a receipt for this very batch; keys are public keys by kid, from the root."""
        assert (answer.status, answer.media) == (200, COSE), answer.body
        kid = decode(decode(answer.body).value[0])[4]
        receipt = open1(answer.body, keys[kid], b"kadian-receipt-v1" + self.id + batch, kid)
        always = {1, 2, 3, 4, 5, 6, 7, 8, 11, 13, 14}
        assert always <= set(receipt) <= always | {9, 10, 12}
        assert (receipt[1], receipt[2]) == (self.id, batch)
        assert 0 <= receipt[8][1] <= 300 and 10 <= receipt[8][2] <= 3600
        return receipt

    def token(self) -> str:
        message = sign1(self.key, self.kid, encode({1: self.id, 2: int(time.time())}), b"kadian-token-v1")
        return base64.urlsafe_b64encode(message).decode().rstrip("=")

    def trust_file(self, name: str, with_token: bool = True) -> Answer:
        headers = {"Kadian-Station": self.token()} if with_token else {}
        return ask(f"{self.url}/v1/trust/{name}.cose", headers=headers)

    def policy(self, digest: bytes) -> bytes:
        answer = ask(f"{self.url}/v1/trust/policies/{digest.hex()}")
        assert (answer.status, answer.media) == (200, COSE), answer.body
        assert hashlib.sha256(answer.body).digest() == digest
        return answer.body

    def revocation_chunk(self, digest: bytes) -> bytes:
        answer = ask(f"{self.url}/v1/trust/revocations/{digest.hex()}")
        assert (answer.status, answer.media) == (200, "application/octet-stream"), answer.body
        assert hashlib.sha256(answer.body).digest() == digest
        return answer.body


def hpke_seal(recipient: bytes, info: bytes, aad: bytes, plaintext: bytes) -> bytes:
    """RFC 9180, base mode, one context: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305."""
    ephemeral = X25519PrivateKey.generate()
    enc = ephemeral.public_key().public_bytes_raw()
    shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(recipient))
    key, nonce = schedule(shared, enc, recipient, info)
    return enc + ChaCha20Poly1305(key).encrypt(nonce, plaintext, aad)


def hpke_open(private: bytes, info: bytes, aad: bytes, sealed: bytes) -> bytes:
    """The other side of `hpke_seal`; raises InvalidTag."""
    key = X25519PrivateKey.from_private_bytes(private)
    enc = sealed[:32]
    shared = key.exchange(X25519PublicKey.from_public_bytes(enc))
    cipher, nonce = schedule(shared, enc, key.public_key().public_bytes_raw(), info)
    return ChaCha20Poly1305(cipher).decrypt(nonce, sealed[32:], aad)


def schedule(shared: bytes, enc: bytes, recipient: bytes, info: bytes):
    """Key and nonce of the one message in a context."""
    kem = b"KEM" + (0x20).to_bytes(2, "big")
    prk = extract(kem, b"", b"eae_prk", shared)
    secret = expand(kem, prk, b"shared_secret", enc + recipient, 32)
    suite = b"HPKE" + b"".join(number.to_bytes(2, "big") for number in (0x20, 0x01, 0x03))
    context = b"\0" + extract(suite, b"", b"psk_id_hash", b"") + extract(suite, b"", b"info_hash", info)
    prk = extract(suite, secret, b"secret", b"")
    return expand(suite, prk, b"key", context, 32), expand(suite, prk, b"base_nonce", context, 12)


def extract(suite: bytes, salt: bytes, label: bytes, material: bytes) -> bytes:
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + material, "sha256")


def expand(suite: bytes, prk: bytes, label: bytes, info: bytes, length: int) -> bytes:
    # Never more than one block of SHA-256 is needed here.
    labelled = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info
    return hmac.digest(prk, labelled + b"\x01", "sha256")[:length]
