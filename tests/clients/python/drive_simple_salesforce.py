"""simple-salesforce, unmodified: it logs in at login.salesforce.com and finds the org behind a proxy."""

import datetime

from simple_salesforce import Salesforce, SalesforceLogin
from simple_salesforce.exceptions import (
    SalesforceAuthenticationFailed,
    SalesforceMalformedRequest,
    SalesforceMoreThanOneRecord,
    SalesforceResourceNotFound,
)
from simple_salesforce.format import format_external_id, format_soql

from steps import check, env, raises, run, step

sf = Salesforce(
    username=env("SF_USERNAME"), password=env("SF_PASSWORD"), security_token=env("SF_SECURITY_TOKEN"), version="64.0"
)
made = {}


@step
def login_with_a_wrong_password_is_refused():
    raises(
        SalesforceAuthenticationFailed,
        lambda: SalesforceLogin(username=env("SF_USERNAME"), password="wrong", security_token=""),
        "INVALID_LOGIN",
    )


@step
def login_by_oauth_password():
    session, instance = SalesforceLogin(
        username=env("SF_USERNAME"),
        password=env("SF_PASSWORD") + env("SF_SECURITY_TOKEN"),
        consumer_key=env("SF_CLIENT_ID"),
        consumer_secret=env("SF_CLIENT_SECRET"),
    )
    check(Salesforce(instance=instance, session_id=session).query("SELECT COUNT() FROM User")["done"], True)


@step
def create():
    answer = sf.Lead.create({"LastName": "Lovelace", "Company": "Engines", "Email": "Ada@Example.com"})
    check((answer["success"], answer["errors"]), (True, []))
    made["lead"] = answer["id"]
    made["account"] = sf.Account.create({"Name": "Engines Ltd"})["id"]
    made["contact"] = sf.Contact.create({"LastName": "Lovelace", "AccountId": made["account"]})["id"]


@step
def get():
    lead = sf.Lead.get(made["lead"])
    check((lead["LastName"], lead["Email"], lead["Status"]), ("Lovelace", "ada@example.com", "Open - Not Contacted"))


@step
def update():
    check(sf.Lead.update(made["lead"], {"Title": "Countess"}), 204)
    check(sf.Lead.get(made["lead"])["Title"], "Countess")


@step
def upsert_by_id():
    check(sf.Lead.upsert("Id/" + made["lead"], {"Title": "Analyst"}), 200)


@step
def query_with_a_child_set():
    found = sf.query(format_soql("SELECT Name, (SELECT LastName FROM Contacts) FROM Account WHERE Id = {}", made["account"]))
    check(found["records"][0]["Contacts"]["records"][0]["LastName"], "Lovelace")


@step
def query_all_pages():
    sf.bulk.Account.insert([{"Name": f"Page {n}"} for n in range(2100)], batch_size=2100)
    found = sf.query_all("SELECT Id FROM Account WHERE Name LIKE 'Page %'")
    check((found["totalSize"], len(found["records"])), (2100, 2100))
    check(len(list(sf.query_all_iter("SELECT Id FROM Account WHERE Name LIKE 'Page %'"))), 2100)


@step
def a_wrong_query_is_explained():
    raises(SalesforceMalformedRequest, lambda: sf.query("SELECT Nmae FROM Lead"), "No such column 'Nmae' on entity 'Lead'")


@step
def a_missing_field_is_explained():
    raises(SalesforceMalformedRequest, lambda: sf.Lead.create({"LastName": "x"}), "REQUIRED_FIELD_MISSING", "[Company]")


@step
def a_row_that_never_was_is_not_found():
    raises(SalesforceResourceNotFound, lambda: sf.Lead.get("00Q000000000001EAA"), "NOT_FOUND")


@step
def describe():
    check("Lead" in [entry["name"] for entry in sf.describe()["sobjects"]], True)
    check([f["name"] for f in sf.Lead.describe()["fields"]][:2], ["Id", "IsDeleted"])
    check(sf.Lead.metadata()["objectDescribe"]["keyPrefix"], "00Q")


@step
def layouts():
    sf.Lead.describe_layout("012000000000000AAA")


@step
def search():
    found = sf.quick_search("Lovelace")
    check(made["lead"] in [row["Id"] for row in found["searchRecords"]], True)
    check(len(sf.search("FIND {Lovelace} IN NAME FIELDS RETURNING Lead(Id)")["searchRecords"]), 1)


@step
def limits():
    check(sf.limits()["DailyApiRequests"]["Max"] > 0, True)


@step
def updated_and_deleted():
    end = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=2)
    begin = end - datetime.timedelta(days=1)
    check(made["lead"] in sf.Lead.updated(begin, end)["ids"], True)
    gone = sf.Lead.create({"LastName": "Gone", "Company": "Gone"})["id"]
    check(sf.Lead.delete(gone), 204)
    check(gone in [row["id"] for row in sf.Lead.deleted(begin, end)["deletedRecords"]], True)


@step
def bulk_insert_update_upsert_query_delete():
    rows = sf.bulk.Lead.insert([{"LastName": f"Bulk {n}", "Company": "Bulk"} for n in range(3)] + [{"LastName": "No company"}])
    check([row["success"] for row in rows], [True, True, True, False])
    check(rows[3]["errors"][0]["statusCode"], "REQUIRED_FIELD_MISSING")
    ids = [row["id"] for row in rows[:3]]
    check([row["success"] for row in sf.bulk.Lead.update([{"Id": i, "Title": "Bulked"} for i in ids])], [True] * 3)
    check([row["created"] for row in sf.bulk.Lead.upsert([{"Id": ids[0], "Title": "Twice"}], "Id")], [False])
    check(len(sf.bulk.Lead.query("SELECT Id FROM Lead WHERE Company = 'Bulk'")), 3)
    check([row["success"] for row in sf.bulk.Lead.delete([{"Id": i} for i in ids])], [True] * 3)


@step
def bulk2_insert_and_query():
    results = sf.bulk2.Lead.insert(records=[{"LastName": f"Second {n}", "Company": "Bulk2"} for n in range(5)])
    check([(r["numberRecordsProcessed"], r["numberRecordsFailed"]) for r in results], [(5, 0)])
    job = results[0]["job_id"]
    check(len(sf.bulk2.Lead.get_successful_records(job).splitlines()), 6)
    pages = list(sf.bulk2.Lead.query("SELECT LastName FROM Lead WHERE Company = 'Bulk2' ORDER BY LastName"))
    check(pages[0].splitlines()[:2], ['"LastName"', '"Second 0"'])
    bad = sf.bulk2.Lead.insert(records=[{"LastName": "Nobody", "Company": ""}])[0]
    check(bad["numberRecordsFailed"], 1)
    check("REQUIRED_FIELD_MISSING" in sf.bulk2.Lead.get_failed_records(bad["job_id"]), True)


@step
def delete():
    check(sf.Lead.delete(made["lead"]), 204)
    raises(SalesforceResourceNotFound, lambda: sf.Lead.get(made["lead"]), "ENTITY_IS_DELETED")


@step
def rest_calls_of_ones_own():
    check(sf.restful("sobjects/Account/" + made["account"], params={"fields": "Name"})["Name"], "Engines Ltd")
    answer = sf.restful(
        "composite/sobjects",
        method="POST",
        json={"allOrNone": False, "records": [{"attributes": {"type": "Account"}, "Name": "One"}, {"attributes": {"type": "Account"}}]},
    )
    check([row["success"] for row in answer], [True, False])


@step
def tooling_query():
    found = sf.toolingexecute("query?q=SELECT+QualifiedApiName+FROM+EntityDefinition+WHERE+QualifiedApiName='Lead'")
    check(found["records"][0]["QualifiedApiName"], "Lead")


@step
def a_row_by_its_external_id():
    field = sf.mdapi.CustomField
    field.create([field(fullName="Account.Key__c", label="Key", type="Text", length=20, externalId=True, unique=True)])
    check(sf.Account.upsert("Key__c/one", {"Name": "Keyed"}), 201)
    check(sf.Account.get_by_custom_id("Key__c", "one")["Name"], "Keyed")


@step
def a_password_is_set():
    other = sf.query(f"SELECT Id FROM User WHERE IsActive = true AND Username != '{env('SF_USERNAME')}' LIMIT 1")["records"][0]["Id"]
    check(sf.set_password(other, "a-new-password-1"), None)
    check(sf.restful(f"sobjects/User/{other}/password")["isExpired"], False)
    check(sf.is_sandbox(), False)
    check(len(sf.restful(f"sobjects/User/{other}/password", method="DELETE")["NewPassword"]) > 7, True)


@step
def pages_of_what_is_deleted():
    rows = sf.query_all("SELECT Id FROM Account WHERE Name LIKE 'Page %'")["records"]
    for at in range(0, len(rows), 200):
        sf.restful("composite/sobjects?allOrNone=true&ids=" + ",".join(row["Id"] for row in rows[at : at + 200]), method="DELETE")
    found = sf.query_all("SELECT Id FROM Account WHERE Name LIKE 'Page %'", include_deleted=True)
    check(len(found["records"]), 2100)
    first = sf.query("SELECT Id FROM Account WHERE Name LIKE 'Page %'", include_deleted=True)
    locator = first["nextRecordsUrl"].rsplit("/", 1)[1]
    check(len(sf.query_more(locator, include_deleted=True)["records"]), 100)


@step
def metadata_describe():
    names = [kind["xmlName"] for kind in sf.mdapi.describe_metadata()["metadataObjects"]]
    check("CustomObject" in names, True)


run()
