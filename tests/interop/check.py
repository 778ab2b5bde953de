"""A second implementation against the first, by their command lines and the wire alone.

Written from docs/ and nothing else: codes that Kadian's issuer made are judged here, codes made here
are judged by `kadian verify`, and a station made here reports to a real back office.

    python3 check.py --bin DIR --vectors FILE --testdata DIR --messages DIR
"""

import argparse
import csv
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from codec import Refused, decode
from health_code import EXTENSION, issue, judge, masked, message_of, verified
from messages import Constants, judged
from policy import Policy
from trust import Fault, Issuer, Trust, open_policy, unsigned_root
from wire import CBOR, Station, Ticket

DAY = 86_400


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--bin", type=Path, required=True, help="folder with kadian, kadian-issue and back-office")
    arguments.add_argument("--testdata", type=Path, required=True, help="crates/health-code/testdata")
    arguments.add_argument("--messages", type=Path, required=True, help="crates/wire/testdata")
    arguments.add_argument("--vectors", type=Path, required=True, help="docs/code-vectors.tsv")
    arguments = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        programs = Programs(arguments.bin, Path(folder))
        programs.run("kadian-issue", "demo", programs.world)
        trust = Trust(programs.world / "trust")
        codes_of_the_world(programs.world, trust)
        codes_of_the_document(arguments.vectors)
        codes_of_the_folders(arguments.testdata)
        messages_of_the_folders(arguments.messages)
        policies_of_the_folders(arguments.testdata)
        codes_made_here(programs, trust)
        with programs.office() as office:
            a_station_made_here(programs, trust, office.data)


class Programs:
    """Kadian's own programs, as anybody with a shell has them."""

    def __init__(self, folder: Path, work: Path):
        self.folder, self.work, self.world = folder, work, work / "world"

    def run(self, name: str, *arguments, given: str | None = None) -> str:
        command = [self.folder / name, *arguments]
        done = subprocess.run(command, input=given, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{command}: {done.stderr}"
        return done.stdout

    def office(self, name: str = "office"):
        return Office(self, name)


class Office:
    """A back office on loopback, stopped at the end."""

    def __init__(self, programs: Programs, name: str):
        self.programs, self.data = programs, programs.work / name

    def __enter__(self) -> "Office":
        world = self.programs.world
        command = [self.programs.folder / "back-office", "serve", "--plain-http", "--listen", "127.0.0.1:0"]
        command += ["--page", "127.0.0.1:0"]
        command += ["--data", self.data, "--import-keys", world / "office", "--import-trust", world / "trust"]
        self.server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert self.server.stdout is not None
        self.url = json.loads(self.server.stdout.readline())["url"]
        return self

    def __exit__(self, *_) -> None:
        self.server.kill()
        self.server.wait()


def codes_of_the_world(world: Path, trust: Trust) -> None:
    with (world / "codes.tsv").open(newline="") as table:
        rows = list(csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE))
    # Certificates from abroad (HC1) are another family, with documents of their own.
    rows = [row for row in rows if not row["name"].startswith("certificate-")]
    for row in rows:
        text = (world / "codes" / f"{row['name']}.txt").read_text().rstrip("\r\n")
        now = int(datetime.fromisoformat(row["at"]).timestamp())
        verdict, refusal, claims = judge(text, trust, trust.region, now)
        assert (verdict, refusal) == (row["verdict"], row["refusal"]), f"{row['name']}: {verdict} {refusal}"
        if claims is not None:
            assert masked(claims) == (row["masked_name"], row["masked_id"]), row["name"]
            assert claims[EXTENSION][1].hex() == row["pseudonym"], row["name"]
    print(f"{len(rows)} codes of a demo world: the same verdicts")


class DocumentTrust:
    """The trust list that docs/code-format.md describes for its vectors."""

    NOW = 1_600_000_000
    REGION = "420106001001"

    def __init__(self):
        self.issuers = {}
        for iss, seed, regions, colours, there, cut_off in (
            ("gjzwfw", 0x0A, [""], True, [""], None),
            ("hubei", 0x0B, ["42"], True, [""], self.NOW - 10 * DAY),
            ("wuhan", 0x0C, ["4201"], False, ["42"], None),
        ):
            public = private(seed).public_key().public_bytes_raw()
            entry = {1: iss, 5: public, 6: regions, 7: False, 12: colours, 13: there}
            entry |= {8: self.NOW - 100 * DAY, 9: self.NOW + 100 * DAY, 10: 300, 11: 7 * DAY, 15: cut_off}
            self.issuers[kid_of(public)] = Issuer(entry)

    def is_revoked(self, iss: str, pseudonym: bytes) -> bool:
        return (iss, pseudonym) == ("hubei", b"\xee" * 16)


def codes_of_the_document(vectors: Path) -> None:
    trust = DocumentTrust()
    rows = [line.split("\t") for line in vectors.read_text().splitlines()[1:]]
    for name, expected, text in rows:
        try:
            verified(text, trust, trust.REGION, trust.NOW)
            refusal = ""
        except Refused as refused:
            refusal = str(refused)
        assert refusal == expected, f"{name}: {refusal} instead of {expected}"
    print(f"{len(rows)} vectors of the document: the same refusals")


def codes_of_the_folders(testdata: Path) -> None:
    """Every case of every refusal, by the trust files that lie beside them."""
    trust = Trust(testdata / "world")
    judged, wrong = 0, []
    for table in sorted((testdata / "codes").glob("*/cases.tsv")):
        for line in table.read_text().splitlines()[1:]:
            name, now, region = line.split("\t")
            text = (table.parent / f"{name}.txt").read_bytes().decode()
            try:
                verified(text, trust, region, int(now))
                result = "accepted"
            except Refused as refused:
                result = str(refused)
            judged += 1
            if result != table.parent.name:
                wrong.append(f"{table.parent.name}/{name}: {result}")
    assert judged and not wrong, wrong
    print(f"{judged} codes of the folders: the same refusals")


def messages_of_the_folders(testdata: Path) -> None:
    """Every message of the wire, and each of its refusals."""
    known, read, wrong = Constants(testdata), 0, []
    for path in sorted(testdata.glob("*/*/*")):
        message, expected, name = path.relative_to(testdata).parts
        found = judged(message, path.read_bytes(), known)
        read += 1
        if found != expected:
            wrong.append(f"{message}/{expected}/{name}: {found}")
    assert read and not wrong, wrong
    print(f"{read} messages of the folders: the same results")


def policies_of_the_folders(testdata: Path) -> None:
    """Which policy files count, and what several of them come to together."""
    root = unsigned_root((testdata / "policies" / "root.cose").read_bytes())
    wrong = []
    files = sorted((testdata / "policies").glob("*/*.cose"))
    for file in files:
        policy = open_policy(file.read_bytes(), root)
        if (policy is not None) != (file.parent.name == "accepted"):
            wrong.append(f"{file.parent.name}/{file.stem}")
    with (testdata / "composed" / "cases.tsv").open(newline="") as table:
        rows = list(csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE))
    for row in rows:
        trust = Trust(testdata / "composed" / row["name"], testdata / "world")
        try:
            policy, name = trust.policy(int(row["at"]))
            found = composed(policy) | {"fault": "", "set": name.hex()}
        except Fault as fault:
            found = {"fault": str(fault)}
        wrong += [f"{row['name']}: {key} {found[key]!r}, not {row[key]!r}" for key in found if found[key] != row[key]]
    assert files and rows and not wrong, wrong
    print(f"{len(files)} policy files and {len(rows)} compositions: the same")


def composed(policy: Policy) -> dict:
    """A policy as the table of compositions writes it."""

    def or_dash(value) -> str:
        return "-" if value is None else str(value)

    def window(row: dict, key: int) -> str:
        return f"{row[key][0]}..{row[key][1]}" if key in row else "-"

    row = policy.row
    certificates = row and " ".join([str(row[1]), str(row[2]), *(window(row, key) for key in (3, 4, 5)), str(row[6])])
    return {
        "table": "".join(map(str, policy.table)),
        "fever": str(policy.fever),
        "declaration": str(policy.declaration),
        "repeat": str(policy.repeat),
        "soft": or_dash(policy.soft),
        "hard": or_dash(policy.hard),
        "add": str(int(policy.add)),
        "address": policy.address,
        "zone": policy.zone,
        "screen": " ".join(map(str, policy.screen or (20, 90, 30, 8))),
        "idle": str(policy.idle),
        "kept": or_dash(policy.kept),
        "days": or_dash(policy.days),
        "certificates": certificates or "",
        "birth": str(policy.birth),
        "region": policy.region,
    }


def codes_made_here(programs: Programs, trust: Trust) -> None:
    now = int(time.time())
    made = (("pass", 365, 0, 0), ("check", 381, 0, 0), ("check", 365, 1, 0), ("stop", 365, 0, 2))
    for verdict, temperature, symptoms, colour in made:
        text = code(programs.world, trust, now, temperature, symptoms, colour)
        said = json.loads(programs.run("kadian", "verify", "--trust", programs.world / "trust", "-", given=text))
        assert said["verdict"] == verdict, said
        assert (said["masked_name"], said["masked_id"]) == ("样*", "4201**********0001"), said
    print(f"{len(made)} codes made here: taken by kadian verify")


def code(world: Path, trust: Trust, now: int, temperature: int = 365, symptoms: int = 0, colour: int = 0) -> str:
    key = private_of(world / "keys" / "issuer-hubei.key")
    kid = kid_of(key.public_key().public_bytes_raw())
    claims = {1: trust.issuers[kid].iss, 4: now + 300, 6: now}
    claims[EXTENSION] = {
        1: os.urandom(16), 2: "样*", 3: "42010001", 4: colour, 5: trust.region,
        6: symptoms, 7: temperature, 8: b"", 9: 0, 10: now // 3600,
    }  # fmt: skip
    return issue(key, kid, claims)


def a_station_made_here(programs: Programs, trust: Trust, data: Path) -> None:
    said = programs.run("back-office", "ticket", "--data", data)
    ticket = Ticket(next(line for line in said.splitlines() if line.startswith("KDT1:")))
    station = Station(ticket, "另一种语言")
    station.save(programs.work / "enrolled")
    own = Trust(programs.work / "enrolled")
    assert own.files == trust.files

    now = int(time.time())
    person, checkpoint = own.community[8][0][1], own.community[7][0][1]
    kid, recipient = own.recipient(now)
    texts = [code(programs.world, own, now) for _ in range(3)]
    head = {2: now, 3: 0}
    reports = [head | {1: 1, 4: person, 5: 0}, head | {1: 1, 4: person, 5: 2, 6: checkpoint, 7: 0}]
    judged_by = {6: own.policy(now)[1], 7: own.list[1]}
    place = {1: 0, 4: checkpoint, 5: person, 8: 0, 11: now - 9, 12: 0, 13: 0}
    reports += [head | place | judged_by | {9: message_of(text)} for text in texts]
    reports += [head | {1: 3, 4: [["expired", 2], ["signature", 1]], 5: 4}]
    rows = [station.seal(report, kid, recipient) for report in reports]

    batch = os.urandom(16)
    stranger = station.send(station.batch(batch, rows, Ed25519PrivateKey.generate()))
    assert (stranger.status, stranger.code) == (401, "signature")
    assert station.send(b"<html>").code == "malformed"
    message = station.batch(batch, rows)
    for status in (0, 1):
        receipt = station.receipt(station.send(message), batch, own.receipt_keys())
        expected = [[row[2], hashlib.sha256(row[5]).digest(), status] for row in rows]
        assert [list(line) for line in receipt[4]] == expected, "other lines than the batch's"
        assert 9 not in receipt and list(receipt[11]) == [0, bytes(32)] and receipt[14] == own.region
    offers = {name: receipt[key] for name, key in (("root", 5), ("trust", 6), ("community", 7))}
    for name, (_, digest) in offers.items():
        answer = station.trust_file(name)
        assert hashlib.sha256(answer.body).digest() == digest, name
    assert station.trust_file("community", with_token=False).code == "signature"
    assert station.trust_file(f"{own.root[1]}.root").body == own.files["root"]
    assert station.trust_file(f"{own.root[1] + 1}.root").code == "not-found"
    named = own.list[7][2]
    chunks = [station.revocation_chunk(named[byte]) for byte in sorted(named)]
    assert chunks and b"".join(chunks) == station.revocations
    assert [station.policy(hashlib.sha256(policy).digest()) for policy in station.policies] == station.policies

    listed = wait_for(lambda: filed(programs, data, len(texts)))
    expected = {pseudonym_of(text, own, now): ("样*", "4201**********0001", "pass") for text in texts}
    found = {row["pseudonym"]: (row["masked_name"], row["masked_id"], row["shown"]) for row in listed["passages"]}
    assert found == expected, found
    assert all(row["outcome"] == "let-through" and row["verified"] for row in listed["passages"])
    assert listed["quarantine"] == [] and listed["alerts"] == [], listed
    print(f"{len(rows)} reports of a station made here: receipts hold, {len(found)} passages filed")
    a_station_that_another_office_does_not_know(programs, station, own)
    a_station_that_changes_lies_and_is_withdrawn(programs, station, own, data, head | place | judged_by)


def a_station_that_another_office_does_not_know(programs: Programs, station: Station, own: Trust) -> None:
    """An office with the same keys that never saw the station: as one that was restored from an old copy."""
    batch = os.urandom(16)
    answer = station.send(station.batch(batch, []))
    generation = station.receipt(answer, batch, own.receipt_keys())[13]
    home = station.url
    with programs.office("restored") as restored:
        station.url = restored.url
        assert station.send(station.batch(batch, [])).code == "unknown-station"
        assert station.trust_file("community").code == "unknown-station"
        stranger = station.again(answer.body, Ed25519PrivateKey.generate())
        assert station.introduce(stranger).code == "signature"
        for _ in range(2):
            known = station.introduce(station.again(answer.body))
            assert (known.status, known.media) == (200, CBOR) and decode(known.body) == {1: station.id}
        receipt = station.receipt(station.send(station.batch(batch, [])), batch, own.receipt_keys())
        assert receipt[13] != generation, "two databases, one generation"
        listed = json.loads(programs.run("back-office", "list", "--data", restored.data, "--json"))
        assert [alert["kind"] for alert in listed["alerts"]] == ["known-again"], listed["alerts"]
    station.url = home
    print("an office that does not know a station knows it by a receipt")


def a_station_that_changes_lies_and_is_withdrawn(
    programs: Programs, station: Station, own: Trust, data: Path, passage: dict
) -> None:
    now = int(time.time())
    kid, recipient = own.recipient(now)
    administrator = next(person[1] for person in own.community[8] if person[5] == 1)

    def send(*reports: dict) -> dict:
        batch, rows = os.urandom(16), [station.seal(report, kid, recipient) for report in reports]
        return station.receipt(station.send(station.batch(batch, rows)), batch, own.receipt_keys())

    # A change by an administrator enters the next community file, which the office signs by itself.
    gate = os.urandom(8)
    change = {1: 2, 2: now, 3: 0, 4: administrator, 5: 0, 6: gate, 7: "另一种门", 8: 3, 9: [30_500_000, 114_300_000]}
    version = send(change)[7][0]
    renewed = wait_for(lambda: next((offer for offer in [send()[7]] if offer[0] > version), None))
    answer = station.trust_file("community")
    assert hashlib.sha256(answer.body).digest() == renewed[1]
    station.files["community"] = answer.body
    station.save(programs.work / "renewed")
    assert gate in [checkpoint[1] for checkpoint in Trust(programs.work / "renewed").community[7]]

    # The office answers for what became of changes: of one that it entered, and of one that it refuses.
    def became(*rows: list) -> list | None:
        batch = os.urandom(16)
        asked = station.batch(batch, [], awaits=[row[2] for row in rows])
        receipt = station.receipt(station.send(asked), batch, own.receipt_keys())
        codes = {bytes(notice[0]): notice[1] for notice in receipt.get(10, [])}
        said = [codes.get(row[2]) for row in rows]
        return None if None in said or "waits" in said else said

    def report(change: dict) -> list:
        batch, row = os.urandom(16), station.seal({1: 2, 2: now, 3: 0} | change, kid, recipient)
        assert 10 not in station.receipt(station.send(station.batch(batch, [row])), batch, own.receipt_keys())
        return row

    removed = report({4: administrator, 5: 2, 6: gate})
    refused = report({4: os.urandom(8), 5: 2, 6: own.community[7][0][1]})
    again = report({4: administrator, 5: 1, 6: gate, 7: "又一种门", 8: 3})
    said = wait_for(lambda: became(removed, refused, again))
    assert said == ["entered", "not-allowed", "not-there"], said
    # A stricter policy is a file that the office signs, and the community names: Stop for green from abroad.
    stricter = report({4: administrator, 5: 6, 6: [[20, 2]]})
    assert wait_for(lambda: became(stricter)) == ["entered"]
    station.files["community"] = station.trust_file("community").body
    named = decode(decode(station.files["community"]).value[2])[6]
    files = [*station.policies, *(station.policy(entry[2]) for entry in named)]
    by_name = {hashlib.sha256(file).digest(): file for file in files}
    station.policies = [by_name[name] for name in sorted(by_name)]
    station.save(programs.work / "stricter")
    own = Trust(programs.work / "stricter")
    policy, judged = own.policy(now)
    assert policy.table[20] == 2, policy.table
    passage = passage | {6: judged}

    # What does not fit is filed, and said.
    whole = {9: message_of(code(programs.world, own, now)), 2: now, 11: now}
    send(passage | whole | {4: os.urandom(8)}, passage | whole | {13: 1}, passage | whole | {6: bytes(32)})
    listed = wait_for(lambda: filed(programs, data, 6))
    alerts = sorted(alert["kind"] for alert in listed["alerts"])
    assert alerts == ["no-right", "unknown-checkpoint", "wrong-outcome", "wrong-policies"], listed["alerts"]

    # The first receipt after a withdrawal says so; what comes later waits in quarantine.
    programs.run("back-office", "withdraw", "--data", data, station.id.hex())
    assert send(passage | whole)[9][2] == own.community[5]
    assert send(passage | whole)[9][1] <= int(time.time())
    listed = wait_for(lambda: filed(programs, data, 7))
    assert [row["reason"] for row in listed["quarantine"]] == ["withdrawn"], listed["quarantine"]
    assert station.trust_file("community").code == "withdrawn"
    print("changes enter the community or are refused, what does not fit is said, a withdrawal is heard")


def filed(programs: Programs, data: Path, count: int):
    listed = json.loads(programs.run("back-office", "list", "--data", data, "--json"))
    counts = listed["counts"]
    return listed if counts["passages"] == count and counts["waiting"] == 0 else None


def wait_for(ask, seconds: float = 30.0):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if (answer := ask()) is not None:
            return answer
        time.sleep(0.1)
    sys.exit("the back office did not file the passages in time")


def pseudonym_of(text: str, trust: Trust, now: int) -> str:
    claims, _ = verified(text, trust, trust.region, now)
    return claims[EXTENSION][1].hex()


def private(seed: int) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)


def private_of(file: Path) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(file.read_text().strip()))


def kid_of(public: bytes) -> bytes:
    return hashlib.sha256(public).digest()[:8]


if __name__ == "__main__":
    main()
