"""Authlib, unmodified: an application that knows no more of Salesforce than that it is an OpenID provider."""

import json
import re
import urllib.parse
import urllib.request
from html import unescape

import requests
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session, OAuthError
from joserfc import jwt
from joserfc.jwk import KeySet

from steps import check, env, raises, run, step

ISSUER = "https://login.salesforce.com"
CALLBACK = "https://app.example/callback"
APP = {"name": "Portal", "clientId": "3MVG9Portal", "clientSecret": "portal-secret", "scopes": "openid api id refresh_token", "callbackUrls": [CALLBACK]}
made = {}


def add_app():
    head = {"X-Mock-Token": env("SF_CONTROL_TOKEN"), "Content-Type": "application/json"}
    request = urllib.request.Request(env("SF_CONTROL_URL") + "/orgs/default/connectedApps", json.dumps(APP).encode(), head)
    urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request).close()


class Person:
    """Somebody in a browser, who fills in the forms of the login."""

    def __init__(self):
        self.web = requests.Session()

    def go(self, answer, **more):
        """Follows redirects and forms from here, to the address of the app or to a page without a form."""
        while True:
            if answer.is_redirect:
                address = urllib.parse.urljoin(answer.url, answer.headers["location"])
                if address.startswith(CALLBACK):
                    return address
                answer = self.web.get(address, allow_redirects=False)
                continue
            check(answer.status_code, 200)
            form = re.search(r'action="([^"]*)"', answer.text)
            if not form:
                return answer.text
            fields = {name: unescape(value) for name, value in re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', answer.text)}
            for name, value in {"username": env("SF_USERNAME"), "pw": env("SF_PASSWORD"), "save": "Allow", **more}.items():
                if f'name="{name}"' in answer.text:
                    fields[name] = value
            answer = self.web.post(urllib.parse.urljoin(answer.url, unescape(form[1])), data=fields, allow_redirects=False)

    def open(self, address, **more):
        return self.go(self.web.get(address, allow_redirects=False), **more)


add_app()
client = OAuth2Session(APP["clientId"], APP["clientSecret"], scope=APP["scopes"], redirect_uri=CALLBACK, code_challenge_method="S256", token_endpoint_auth_method="client_secret_post")


@step
def discovery():
    made["told"] = client.get(ISSUER + "/.well-known/openid-configuration", withhold_token=True).json()
    check(made["told"]["issuer"], ISSUER)


@step
def a_code_for_tokens_with_a_proof_key():
    verifier, nonce = generate_token(48), generate_token()
    address, state = client.create_authorization_url(made["told"]["authorization_endpoint"], code_verifier=verifier, nonce=nonce)
    back = Person().open(address)
    made["token"] = client.fetch_token(made["told"]["token_endpoint"], authorization_response=back, state=state, code_verifier=verifier)
    made["nonce"] = nonce


@step
def the_id_token_is_signed_by_a_published_key():
    keys = KeySet.import_key_set(client.get(made["told"]["jwks_uri"], withhold_token=True).json())
    token = jwt.decode(made["token"]["id_token"], keys, algorithms=["RS256"])
    rules = jwt.JWTClaimsRegistry(iss={"essential": True, "value": ISSUER}, aud={"essential": True, "value": APP["clientId"]}, nonce={"value": made["nonce"]})
    rules.validate(token.claims)
    made["subject"] = token.claims["sub"]


@step
def who_somebody_is():
    told = client.get(made["told"]["userinfo_endpoint"]).json()
    check((told["sub"], told["preferred_username"]), (made["subject"], env("SF_USERNAME")))
    check(client.post(made["told"]["userinfo_endpoint"]).json()["sub"], made["subject"])
    check(client.post(made["token"]["id"]).json()["username"], env("SF_USERNAME"))


@step
def tokens_are_looked_at():
    told = client.introspect_token(made["told"]["introspection_endpoint"], token=made["token"]["access_token"]).json()
    check((told["active"], told["username"], told["client_id"]), (True, env("SF_USERNAME"), APP["clientId"]))


@step
def a_token_is_renewed():
    before = made["token"]["access_token"]
    after = client.refresh_token(made["told"]["token_endpoint"], refresh_token=made["token"]["refresh_token"])
    check(after["access_token"] != before, True)


@step
def a_code_that_nobody_gave_is_refused():
    raises(OAuthError, lambda: client.fetch_token(made["told"]["token_endpoint"], code="aPrx.nonsense"), "invalid_grant")


@step
def a_device_without_a_keyboard():
    ask = {"response_type": "device_code", "client_id": APP["clientId"], "scope": "api"}
    told = client.post(made["told"]["token_endpoint"], data=ask, withhold_token=True).json()
    page = Person().open(told["verification_uri"], user_code=told["user_code"])
    check("Connected" in page, True)
    device = OAuth2Session(APP["clientId"], token_endpoint_auth_method="none")
    token = device.fetch_token(made["told"]["token_endpoint"], grant_type="device", code=told["device_code"])
    check(device.get(token["instance_url"] + "/services/data/v66.0/limits").status_code, 200)


@step
def tokens_are_revoked():
    token = client.token["access_token"]
    check(client.revoke_token(made["told"]["revocation_endpoint"], token=token).status_code, 200)
    check(client.introspect_token(made["told"]["introspection_endpoint"], token=token).json(), {"active": False})


run()
