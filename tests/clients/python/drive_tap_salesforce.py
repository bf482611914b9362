"""tap-salesforce, unmodified: discovery and a sync of one stream, over REST and over Bulk."""

import json
import os
import subprocess
import sys

from steps import check, env, run, step

tap = os.path.join(os.path.dirname(sys.executable), "tap-salesforce")


def sync(api_type):
    config = {
        "refresh_token": env("SF_REFRESH_TOKEN"), "client_id": env("SF_CLIENT_ID"), "client_secret": env("SF_CLIENT_SECRET"),
        "start_date": "2020-01-01T00:00:00Z", "api_type": api_type, "is_sandbox": "false", "quota_percent_total": "100",
    }
    with open("config.json", "w", encoding="utf-8") as file:
        json.dump(config, file)
    catalog = json.loads(output([tap, "--config", "config.json", "--discover"]))
    streams = {stream["stream"]: stream for stream in catalog["streams"]}
    people = streams["Contact"]
    for entry in people["metadata"]:
        entry["metadata"]["selected"] = True
    with open("catalog.json", "w", encoding="utf-8") as file:
        json.dump({"streams": [people]}, file)
    lines = output([tap, "--config", "config.json", "--properties", "catalog.json"]).splitlines()
    return streams, [json.loads(line) for line in lines]


def output(words):
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=300)
    if done.returncode:
        raise AssertionError(done.stderr[-1500:])
    return done.stdout


def people_of(messages):
    return [message["record"]["LastName"] for message in messages if message["type"] == "RECORD"]


@step
def discover_and_sync_over_rest():
    streams, messages = sync("REST")
    check("Account" in streams and "SystemModstamp" in str(streams["Account"]["schema"]), True)
    made["rest"] = people_of(messages)
    check(len(made["rest"]) > 0, True)


@step
def sync_over_bulk():
    _, messages = sync("BULK")
    check(sorted(people_of(messages)), sorted(made["rest"]))


made = {}
run()
