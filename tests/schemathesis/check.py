"""Begins a trial deployment at an empty office, signs in, and asks its API everything that its document allows.

Arguments: the address of the office's local page, and the word of its first start.
"""

import json
import pathlib
import subprocess
import sys

import requests

SECONDS = 40
CONSOLE = {"Kadian-Console": "1"}
DOCUMENT = pathlib.Path(__file__).parents[2] / "docs/console-api.json"


def first_start(api, word):
    """Goes through the first start as its page does, and returns the cookie of the first administrator."""
    session = requests.Session()
    session.headers.update(CONSOLE)

    def post(path, body):
        answer = session.post(api + "/first-start/" + path, json=body, timeout=30)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    post("unlock", {"word": word})
    post("trial", {})
    secrets = {"passphrase": "nine grey herons over the ferry", "laptopSecret": "8642097531ab"}
    post("administrator", {"name": "样例甲", "phone": "13800000031", "account": "jia.sample", **secrets})
    post("administrator/confirm", {"words": True})
    communities = session.get(api + "/first-start", timeout=30).json()["communities"]
    post("ticket", {"community": communities[0]["code"], "laptop": "样例 01", "hours": 1})
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in session.cookies)


def main():
    page, word = sys.argv[1:]
    api = page + "/api/v1"
    cookie = first_start(api, word)
    about = requests.get(api + "/session", headers={"Cookie": cookie}, timeout=30)
    about.raise_for_status()
    assert json.loads(DOCUMENT.read_text())["paths"], "the document describes addresses"
    run = [str(pathlib.Path(sys.executable).parent / "schemathesis"), "run", str(DOCUMENT), "--url", api]
    run += ["--header", "Cookie:" + cookie, "--header", "Kadian-Console:1"]
    run += ["--checks", "not_a_server_error,content_type_conformance", "--max-time", str(SECONDS), "--seed", "27"]
    run += ["--continue-on-failure", "--no-color", "--warnings", "off"]
    # Signing out would end the only session there is.
    run += ["--exclude-operation-id", "delete_session"]
    found = subprocess.run(run, check=False, stdout=sys.stderr).returncode
    # Otherwise all that was shown is that nobody gets in.
    requests.get(api + "/session", headers={"Cookie": cookie}, timeout=30).raise_for_status()
    sys.exit(found)


if __name__ == "__main__":
    main()
