"""A Rust crate, unmodified: the live test suite that its package ships, run against the mock.

    drive_suite.py CRATE

The suites are `#[ignore]`d in their packages because they want an org; here they get one. The crates and their versions are in suites.json.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
SUITES = json.loads((HERE / "suites.json").read_text())


def builder():
    """Cargo's surroundings: the home of the person, where its registry is, and no proxy."""
    around = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy") and not name.endswith("CERT_FILE")}
    return {**around, "HOME": os.environ["CLIENTS_HOME"], "RUSTFLAGS": "--cap-lints warn"}


def source(crate, tools):
    """The package as its registry ships it, outside of any workspace."""
    folder = tools / crate
    if folder.exists():
        return folder
    fetch = tools / "fetch"
    (fetch / "src").mkdir(parents=True, exist_ok=True)
    (fetch / "src" / "lib.rs").touch()
    pins = "".join(f'{name} = {{ version = "={suite["version"]}", default-features = false }}\n' for name, suite in SUITES.items())
    (fetch / "Cargo.toml").write_text(f'[package]\nname = "fetch"\nedition = "2021"\n[dependencies]\n{pins}[workspace]\n')
    found = subprocess.run(["cargo", "metadata", "--format-version", "1"], cwd=fetch, env=builder(), capture_output=True, text=True, check=True)
    for package in json.loads(found.stdout)["packages"]:
        if package["name"] == crate and package["version"] == SUITES[crate]["version"]:
            shutil.copytree(pathlib.Path(package["manifest_path"]).parent, folder)
            manifest = folder / "Cargo.toml"
            if "[workspace]" not in manifest.read_text():
                manifest.write_text(manifest.read_text() + "\n[workspace]\n")
            return folder
    raise SystemExit(f"{crate} was not fetched")


def surroundings(folder):
    """What the four suites read to find their org."""
    env = os.environ
    secret = env["SF_PASSWORD"] + env["SF_SECURITY_TOKEN"]
    credentials = {"client_id": env["SF_CLIENT_ID"], "client_secret": env["SF_CLIENT_SECRET"], "instance_url": env["SF_BASE_URL"]}
    credentials["tenant_id"] = env["SF_ACCESS_TOKEN"].split("!")[0]
    (folder / "credentials.json").write_text(json.dumps(credentials))
    host = urllib.parse.urlsplit(env["SF_BASE_URL"]).netloc
    return {
        **env,
        "SFDC_CLIENT_ID": env["SF_CLIENT_ID"],
        "SFDC_CLIENT_SECRET": env["SF_CLIENT_SECRET"],
        "SFDC_USERNAME": env["SF_USERNAME"],
        "SFDC_PASSWORD": secret,
        "SFDC_CREDENTIALS": str(folder / "credentials.json"),
        "SF_INSTANCE_URL": env["SF_BASE_URL"],
        "SCRATCH_AUTH_URL": f"force://{env['SF_CLIENT_ID']}:{env['SF_CLIENT_SECRET']}:{env['SF_REFRESH_TOKEN']}@{host}",
    }


def main():
    crate = sys.argv[1]
    suite = SUITES[crate]
    tools = pathlib.Path(os.environ["CLIENTS_TOOLS"]) / "rust"
    folder = source(crate, tools)
    words = ["cargo", "test", "--quiet", "--target-dir", str(tools / "target")]
    words += [word for name in suite["tests"] for word in ("--test", name)]
    if suite["features"]:
        words += ["--features", ",".join(suite["features"])]
    built = subprocess.run([*words, "--no-run"], cwd=folder, env=builder(), capture_output=True, text=True, check=False)
    if built.returncode:
        raise SystemExit(built.stderr[-4000:])
    around = {**surroundings(pathlib.Path.cwd()), "HOME": os.environ["CLIENTS_HOME"], "RUSTFLAGS": "--cap-lints warn"}
    ask = [*words, "--offline", "--", "--include-ignored", "--test-threads", "1", "--format", "pretty"]
    done = subprocess.run(ask, cwd=folder, env=around, capture_output=True, text=True, check=False)
    results = re.findall(r"^test (\S+)(?: - should panic)? \.\.\. (ok|FAILED)", done.stdout, re.M)
    for name, result in results:
        print(f"{'ok' if result == 'ok' else 'FAILED'} {name.replace('_', ' ')}")
    if not results or any(result != "ok" for _, result in results):
        print(done.stdout[-8000:], done.stderr[-4000:], sep="\n")
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
