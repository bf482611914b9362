"""aiosfstream-ng, unmodified: a push topic, with replay. Its HTTP client keeps no cookies of an address, so it asks localhost."""

import asyncio
from urllib.parse import urlsplit

from aiosfstream_ng import Client, PasswordAuthenticator, ReplayOption
import aiosfstream_ng.auth
import requests

from steps import check, env, run, step

port = urlsplit(env("SF_BASE_URL")).port
base = f"http://localhost:{port}"
# The address of the token end point is the one thing of it that has no setting.
aiosfstream_ng.auth.TOKEN_URL = base + "/services/oauth2/token"
rest = requests.Session()
rest.headers["Authorization"] = "Bearer " + env("SF_ACCESS_TOKEN")


def post(path, body):
    answer = rest.post(f"{base}/services/data/v58.0/sobjects/{path}", json=body)
    answer.raise_for_status()
    return answer.json()["id"]


def lead(name):
    return post("Lead", {"LastName": name, "Company": "X"})


def authenticator():
    return PasswordAuthenticator(
        consumer_key=env("SF_CLIENT_ID"), consumer_secret=env("SF_CLIENT_SECRET"),
        username=env("SF_USERNAME"), password=env("SF_PASSWORD") + env("SF_SECURITY_TOKEN"),
    )


async def heard(replay, count, act=None):
    async with Client(authenticator(), replay=replay) as client:
        await client.subscribe("/topic/Leads")
        if act:
            await asyncio.to_thread(act)
        return [await asyncio.wait_for(client.receive(), 20) for _ in range(count)]


@step
def what_is_new_is_told():
    post("PushTopic", {"Name": "Leads", "Query": "SELECT Id, LastName FROM Lead", "ApiVersion": 58.0})
    told = asyncio.run(heard(ReplayOption.NEW_EVENTS, 2, lambda: (lead("One"), lead("Two"))))
    check([event["data"]["sobject"]["LastName"] for event in told], ["One", "Two"])


@step
def what_is_kept_is_told_again():
    told = asyncio.run(heard(ReplayOption.ALL_EVENTS, 2))
    check([event["data"]["sobject"]["LastName"] for event in told], ["One", "Two"])


@step
def after_a_replay_id():
    first = asyncio.run(heard(ReplayOption.ALL_EVENTS, 1))[0]["data"]["event"]["replayId"]
    from aiosfstream_ng.replay import MappingStorage, ReplayMarker

    marker = MappingStorage({"/topic/Leads": ReplayMarker(date="2026-01-01T00:00:00.000Z", replay_id=first)})
    check(asyncio.run(heard(marker, 1))[0]["data"]["sobject"]["LastName"], "Two")


run()
