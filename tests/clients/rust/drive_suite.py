"""A Rust crate, unmodified: the live test suites that its package ships, run against the mock.

    drive_suite.py --build   fetches the crates and builds their suites; ends with 3 where the crates cannot be fetched
    drive_suite.py CRATE     runs the suites of one

The suites are `#[ignore]`d in their packages because they want an org; here they get one. All crates are members of one workspace
(Cargo.toml and Cargo.lock beside this file, the packages as their registry ships them), so that what they share is built once. The
crates, their versions and suites are in suites.json, and so is why a test has to fail here.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import urllib.parse
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
SUITES = json.loads((HERE / "suites.json").read_text())
MY_DOMAIN = "https://demo.my.salesforce.com"
PROGRAMS = "programs.json"
NOT_TO_BE_HAD = 3


def builder():
    """Cargo's surroundings: the home of the person, where its registry is, and no proxy."""
    around = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy") and not name.endswith("CERT_FILE")}
    # Nobody debugs these crates, and nobody builds them twice.
    lean = {"RUSTFLAGS": "--cap-lints warn", "CARGO_PROFILE_DEV_DEBUG": "0", "CARGO_INCREMENTAL": "0"}
    return {**around, **lean, "HOME": os.environ["CLIENTS_HOME"]}


class CargoError(Exception):
    """What cargo said when it failed."""


def cargo(folder, *words):
    done = subprocess.run(["cargo", *words], cwd=folder, env=builder(), capture_output=True, text=True, check=False)
    if done.returncode:
        raise CargoError(done.stderr[-4000:])
    return done.stdout


def packages(tools):
    """The four packages, fetched by asking for them as a program's dependencies."""
    fetch = tools / "fetch"
    (fetch / "src").mkdir(parents=True, exist_ok=True)
    (fetch / "src" / "lib.rs").touch()
    pins = "".join(f'{name} = {{ version = "={suite["version"]}", default-features = false }}\n' for name, suite in SUITES.items())
    (fetch / "Cargo.toml").write_text(f'[package]\nname = "fetch"\nedition = "2021"\n[dependencies]\n{pins}[workspace]\n')
    found = json.loads(cargo(fetch, "metadata", "--format-version", "1"))
    for package in found["packages"]:
        if SUITES.get(package["name"], {}).get("version") == package["version"]:
            shutil.copytree(pathlib.Path(package["manifest_path"]).parent, tools / package["name"])
    shutil.rmtree(fetch)


def workspace(tools):
    """The folder of the workspace, made anew when other versions are pinned."""
    pins = (HERE / "Cargo.lock").read_text()
    if not (tools / "Cargo.lock").exists() or (tools / "Cargo.lock").read_text() != pins:
        for name in SUITES:
            shutil.rmtree(tools / name, ignore_errors=True)
        packages(tools)
        (tools / "src").mkdir(exist_ok=True)
        (tools / "src" / "lib.rs").touch()
        shutil.copy(HERE / "Cargo.toml", tools / "Cargo.toml")
        shutil.copy(HERE / "Cargo.lock", tools / "Cargo.lock")
    return tools


def build(folder):
    """The test programs of all suites by their crate, built together."""
    suites = [name for suite in SUITES.values() for name in suite["suites"]]
    features = [f"{name}/{feature}" for name, suite in SUITES.items() for feature in suite["features"]]
    words = ["test", "--no-run", "--quiet", "--locked", "--workspace", "--no-default-features", "--message-format", "json", "--features", ",".join(features)]
    built = cargo(folder, *words, *(word for name in suites for word in ("--test", name)))
    made = [message for message in map(json.loads, built.splitlines()) if message.get("executable")]
    # Cargo tells them as they are done, which is another order each time.
    made.sort(key=lambda message: suites.index(message["target"]["name"]))
    programs = {name: [] for name in SUITES}
    for message in made:
        programs[pathlib.Path(message["manifest_path"]).parent.name].append(message["executable"])
    return programs


def send(method, at, head, body):
    request = urllib.request.Request(at, json.dumps(body).encode(), {**head, "Content-Type": "application/json"}, method=method)
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as answer:
        return json.load(answer)


def set_up(crate):
    """What the suites' documentation asks for: an app whose credentials are an administrator's, that refreshes without its secret; a field to
    upsert by; and Bulk jobs that are not done before anybody can abort them."""
    env = os.environ
    app = {"name": "Live tests", "clientId": env["SF_CLIENT_ID"], "clientSecret": env["SF_CLIENT_SECRET"], "scopes": "api refresh_token web id"}
    app |= {"runAs": env["SF_USERNAME"], "secretRequiredForRefresh": False}
    org, token = env["SF_CONTROL_URL"] + "/orgs/default", {"X-Mock-Token": env["SF_CONTROL_TOKEN"]}
    send("POST", org + "/connectedApps", token, app)
    if pace := SUITES[crate].get("bulk"):
        send("PATCH", org + "/bulk", token, {"progress": pace})
    field = {"FullName": "Account.Live_Test__c", "Metadata": {"label": "Live test", "type": "Text", "length": 40, "externalId": True, "unique": True}}
    session = {"Authorization": f"Bearer {env['SF_ACCESS_TOKEN']}"}
    send("POST", env["SF_BASE_URL"] + "/services/data/v66.0/tooling/sobjects/CustomField", session, field)


def surroundings(crate, folder):
    """What the suites read to find their org."""
    env = os.environ
    set_up(crate)
    secret = env["SF_PASSWORD"] + env["SF_SECURITY_TOKEN"]
    credentials = {"client_id": env["SF_CLIENT_ID"], "client_secret": env["SF_CLIENT_SECRET"], "instance_url": MY_DOMAIN}
    credentials["tenant_id"] = env["SF_ACCESS_TOKEN"].split("!")[0]
    (folder / "credentials.json").write_text(json.dumps(credentials))
    host = urllib.parse.urlsplit(MY_DOMAIN).netloc
    return {
        **env,
        "SFDC_CLIENT_ID": env["SF_CLIENT_ID"],
        "SFDC_CLIENT_SECRET": env["SF_CLIENT_SECRET"],
        "SFDC_USERNAME": env["SF_USERNAME"],
        "SFDC_PASSWORD": secret,
        "SFDC_CREDENTIALS": str(folder / "credentials.json"),
        "SF_TOKEN_URL": MY_DOMAIN,
        "SF_UP_CLIENT_ID": env["SF_CLIENT_ID"],
        "SF_UP_CLIENT_SECRET": env["SF_CLIENT_SECRET"],
        "SF_UP_USERNAME": env["SF_USERNAME"],
        "SF_UP_PASSWORD": env["SF_PASSWORD"],
        "SF_UP_SECURITY_TOKEN": env["SF_SECURITY_TOKEN"],
        "SF_UP_TOKEN_URL": MY_DOMAIN,
        "SF_UPSERT_SOBJECT": "Account",
        "SF_UPSERT_EXT_FIELD": "Live_Test__c",
        "SF_UPSERT_EXT_VALUE": "live",
        "SF_LIVE_RUN_PARTIAL_FAILURE": "1",
        "SF_LIVE_RUN_BULK_ROUNDTRIP": "1",
        "SF_LIVE_BULK_POLL_INITIAL_BACKOFF_MS": "20",
        "SCRATCH_AUTH_URL": f"force://{env['SF_CLIENT_ID']}:{env['SF_CLIENT_SECRET']}:{env['SF_REFRESH_TOKEN']}@{host}",
    }


def judged(crate, output):
    """Each test with what became of it: passed, failed, refused by name or for a reason that is written down, or skipped by itself."""
    said = dict(re.findall(r"^---- (\S+) stdout ----\n(.*?)(?=^---- |^failures:|^successes:|\Z)", output, re.M | re.S))
    for name, result in re.findall(r"^test (\S+)(?: - should panic)? \.\.\. (ok|FAILED)", output, re.M):
        words, told = name.replace("_", " "), said.get(name, "")
        reason = SUITES[crate]["refused"].get(name)
        unknown = re.search(r"mock-sfdc does not emulate ([\w.-]+)", told)
        if result == "ok" and re.search(r"^(SKIP|skipping)\b", told, re.M):
            yield f"skipped {words}: {told.strip()[:200]}"
        elif result == "ok" and not reason:
            yield f"ok {words}"
        elif result == "FAILED" and (reason or unknown):
            yield f"refused {words}: {reason or unknown[1]}"
        else:
            yield f"FAILED {words}" + (": it passes, and is said to be refused" if reason else f": {told.strip()[:600]!r}")


def run(crate, tools):
    """Every suite of a crate, built before."""
    around = surroundings(crate, pathlib.Path.cwd())
    for program in json.loads((tools / PROGRAMS).read_text())[crate]:
        words = [program, "--include-ignored", "--test-threads", "1", "--format", "pretty", "--show-output"]
        done = subprocess.run(words, cwd=tools / crate, env=around, capture_output=True, text=True, check=False)
        if os.environ.get("CLIENTS_TRACE"):
            print(done.stdout, done.stderr)
        for line in judged(crate, done.stdout):
            print(line, flush=True)


def main():
    tools = pathlib.Path(os.environ["CLIENTS_TOOLS"]) / "rust"
    tools.mkdir(parents=True, exist_ok=True)
    if sys.argv[1] != "--build":
        return run(sys.argv[1], tools)
    try:
        folder = workspace(tools)
    except CargoError as error:
        print(f"the Rust crates could not be fetched: {error}")
        sys.exit(NOT_TO_BE_HAD)
    try:
        (tools / PROGRAMS).write_text(json.dumps(build(folder)))
    except CargoError as error:
        raise SystemExit(str(error)) from error


if __name__ == "__main__":
    main()
