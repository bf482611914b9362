"""aiosalesforce, unmodified: it accepts nothing but https://….my.salesforce.com, so the proxy leads it."""

import asyncio
import datetime

from aiosalesforce import Salesforce, SoapLogin
from aiosalesforce.exceptions import SalesforceError
import httpx

from steps import check, env, run, step

MY_DOMAIN = "https://demo.my.salesforce.com"
loop = asyncio.new_event_loop()
http = httpx.AsyncClient()
login = SoapLogin(env("SF_USERNAME"), env("SF_PASSWORD"), env("SF_SECURITY_TOKEN"))
sf = Salesforce(http, MY_DOMAIN, login, version="64.0")
made = {}


def wait(awaitable):
    return loop.run_until_complete(awaitable)


async def all_of(iterator):
    return [row async for row in iterator]


@step
def create_get_update_upsert_delete():
    made["account"] = wait(sf.sobject.create("Account", {"Name": "Async"}))
    check(wait(sf.sobject.get("Account", made["account"], fields=["Name"]))["Name"], "Async")
    wait(sf.sobject.update("Account", made["account"], {"Industry": "Energy"}))
    check(wait(sf.sobject.upsert("Account", made["account"], "Id", {"Industry": "Media"})).created, False)
    gone = wait(sf.sobject.create("Account", {"Name": "Gone"}))
    wait(sf.sobject.delete("Account", gone))


@step
def query():
    check([row["Name"] for row in wait(all_of(sf.query("SELECT Name FROM Account WHERE Name = 'Async'")))], ["Async"])


@step
def a_missing_field_is_explained():
    try:
        wait(sf.sobject.create("Lead", {"LastName": "x"}))
    except SalesforceError as error:
        check((error.error_code, "[Company]" in str(error)), ("REQUIRED_FIELD_MISSING", True))
    else:
        raise AssertionError("nothing was refused")


@step
def composite_batch():
    async def act():
        async with sf.composite.batch(halt_on_error=True) as batch:
            found = batch.query("SELECT Name FROM Account WHERE Name = 'Async'")
            new = batch.sobject.create("Contact", {"LastName": "Batched"})
        return found.records, new.id

    records, contact = wait(act())
    check((records[0]["Name"], contact[:3]), ("Async", "003"))


@step
def composite_with_a_reference():
    async def act():
        async with sf.composite(all_or_none=True) as composite:
            account = composite.sobject.create("Account", {"Name": "Composed"})
            contact = composite.sobject.create("Contact", {"LastName": "Composed", "AccountId": str(account.reference.id)})
        return contact.id

    contact = wait(act())
    check(wait(sf.sobject.get("Contact", contact))["AccountId"] is not None, True)


@step
def bulk_insert():
    result = wait(sf.bulk_v2.insert("Lead", [{"LastName": "Bulk", "Company": "Aio"}, {"LastName": "Nobody"}]))
    check((len(result.successful_results), len(result.failed_results)), (1, 1))


@step
def dates_travel():
    due = datetime.date(2026, 5, 1)
    made["deal"] = wait(sf.sobject.create("Opportunity", {"Name": "Deal", "StageName": "Prospecting", "CloseDate": due.isoformat()}))
    check(wait(sf.sobject.get("Opportunity", made["deal"]))["CloseDate"], "2026-05-01")


run()
