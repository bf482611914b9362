"""pyforce, unmodified: the partner API over SOAP."""

import datetime

import pyforce

from steps import check, env, raises, run, step

svc = pyforce.PythonClient(serverUrl=env("SF_BASE_URL") + "/services/Soap/u/58.0")
made = {}


@step
def login():
    check(svc.login(env("SF_USERNAME"), env("SF_PASSWORD") + env("SF_SECURITY_TOKEN"))["userId"][:3], "005")


@step
def a_wrong_password_is_refused():
    other = pyforce.PythonClient(serverUrl=env("SF_BASE_URL") + "/services/Soap/u/58.0")
    raises(pyforce.SoapFaultError, lambda: other.login(env("SF_USERNAME"), "wrong"), "INVALID_LOGIN")


@step
def create_and_retrieve():
    answer = svc.create([{"type": "Lead", "LastName": "Soap", "Company": "Bubbles"}, {"type": "Lead", "LastName": "x"}])
    check([row["success"] for row in answer], [True, False])
    check(answer[1]["errors"][0]["statusCode"], "REQUIRED_FIELD_MISSING")
    made["lead"] = answer[0]["id"]
    check(svc.retrieve("LastName,Company", "Lead", [made["lead"]])[0]["Company"], "Bubbles")


@step
def update_and_upsert():
    check(svc.update({"type": "Lead", "Id": made["lead"], "Title": "x"})[0]["success"], True)
    check(svc.upsert("Id", {"type": "Lead", "Id": made["lead"], "Title": "y"})[0]["created"], False)


@step
def query():
    found = svc.query(f"SELECT Id, Title FROM Lead WHERE Id = '{made['lead']}'")
    check((found["size"], found["records"][0]["Title"]), (1, "y"))


@step
def a_wrong_query_is_explained():
    raises(pyforce.SoapFaultError, lambda: svc.query("SELECT Nmae FROM Lead"), "INVALID_FIELD")


@step
def search():
    check(svc.search("FIND {Soap} IN NAME FIELDS RETURNING Lead(Id)")[0]["Id"], made["lead"])


@step
def describe():
    check("Lead" in [o.name for o in svc.describeGlobal()["sobjects"]], True)
    check("LastName" in svc.describeSObjects("Lead")[0].fields, True)


@step
def who_am_i_and_when():
    check(svc.getUserInfo()["userId"][:3], "005")


@step
def updated_and_deleted():
    end = datetime.datetime.utcnow() + datetime.timedelta(minutes=2)
    begin = end - datetime.timedelta(hours=1)
    check(made["lead"] in str(svc.getUpdated("Lead", begin, end)), True)
    gone = svc.create({"type": "Lead", "LastName": "Gone", "Company": "x"})[0]["id"]
    svc.delete([gone])
    check(gone in str(svc.getDeleted("Lead", begin, end)), True)


@step
def convert_a_lead():
    answer = svc.convert_leads({"leadId": made["lead"], "convertedStatus": "Closed - Converted"})
    check(str(answer[0]["success"]).lower(), "true")


@step
def tabs_and_time():
    tabs = [tab for app in svc.describeTabs() for tab in app["tabs"]]
    check("Account" in [tab["sObjectName"] for tab in tabs], True)
    check(str(svc.getServerTimestamp())[:2], "20")


@step
def mail_and_passwords():
    mail = {"subject": "Engines", "plainTextBody": "They run.", "toAddresses": "ada@example.com", "saveAsActivity": "false"}
    check(svc.sendEmail([mail])[0]["success"], True)
    others = svc.query(f"SELECT Id FROM User WHERE IsActive = true AND Username != '{env('SF_USERNAME')}'")["records"]
    svc.setPassword(others[0]["Id"], "a-new-password-1")
    check(len(str(svc.resetPassword(others[0]["Id"]))) > 7, True)


@step
def logout():
    svc.logout()


run()
