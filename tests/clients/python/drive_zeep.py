"""zeep, unmodified: a SOAP client made of the WSDLs that the mock serves."""

import requests
import zeep

from steps import check, env, raises, run, step

web = requests.Session()
web.headers["Authorization"] = "Bearer " + env("SF_ACCESS_TOKEN")
web.cookies.set("sid", env("SF_ACCESS_TOKEN"))


class Api:
    """A WSDL bound to a session."""

    def __init__(self, kind):
        transport = zeep.Transport(session=web)
        self.client = zeep.Client(f"{env('SF_BASE_URL')}/services/wsdl/{kind}", transport=transport)
        binding = next(iter(self.client.wsdl.bindings))
        root = self.client.create_service(binding, f"{env('SF_BASE_URL')}/services/Soap/{'u' if kind == 'partner' else 'c'}/64.0")
        login = root.login(username=env("SF_USERNAME"), password=env("SF_PASSWORD") + env("SF_SECURITY_TOKEN"))
        result = getattr(login, "result", login)
        self.service = self.client.create_service(binding, result.serverUrl)
        header = self.client.get_element("{urn:%s.soap.sforce.com}SessionHeader" % kind)
        self.headers = {"SessionHeader": header(sessionId=result.sessionId)}
        self.result = result

    def call(self, name, **words):
        answer = getattr(self.service, name)(_soapheaders=self.headers, **words)
        return getattr(getattr(answer, "body", answer), "result", getattr(answer, "body", answer))


made = {}


def partner():
    if "partner" not in made:
        made["partner"] = Api("partner")
    return made["partner"]


def enterprise():
    if "enterprise" not in made:
        made["enterprise"] = Api("enterprise")
    return made["enterprise"]


def only(rows):
    return rows[0] if isinstance(rows, list) else rows


@step
def partner_login():
    check(partner().result.userInfo.userName, env("SF_USERNAME"))


@step
def partner_query():
    found = partner().call("query", queryString="SELECT Id, Name FROM Account LIMIT 1")
    check((found.size, found.done), (1, True))


@step
def partner_describe():
    check(partner().call("describeSObject", sObjectType="Lead").keyPrefix, "00Q")
    check(len(partner().call("describeGlobal").sobjects) > 100, True)


@step
def partner_user_info():
    check(partner().call("getUserInfo").userName, env("SF_USERNAME"))


@step
def enterprise_create_query_update_delete():
    api = enterprise()
    lead = api.client.get_type("{urn:sobject.enterprise.soap.sforce.com}Lead")
    made["lead"] = only(api.call("create", sObjects=[lead(LastName="Typed", Company="Wsdl")])).id
    found = api.call("query", queryString=f"SELECT Id, LastName FROM Lead WHERE Id = '{made['lead']}'")
    check(found.records[0].LastName, "Typed")
    check(only(api.call("update", sObjects=[lead(Id=made["lead"], Title="x")])).success, True)
    check(only(api.call("upsert", externalIDFieldName="Id", sObjects=[lead(Id=made["lead"], Title="y")])).created, False)
    gone = only(api.call("create", sObjects=[lead(LastName="Gone", Company="Wsdl")])).id
    check(only(api.call("delete", ids=[gone])).success, True)


@step
def enterprise_convert_lead():
    api = enterprise()
    convert = api.client.get_type("{urn:enterprise.soap.sforce.com}LeadConvert")
    request = convert(
        leadId=made["lead"], convertedStatus="Closed - Converted", doNotCreateOpportunity=False,
        overwriteLeadSource=False, sendNotificationEmail=False,
    )
    check(only(api.call("convertLead", leadConverts=[request])).success, True)


@step
def partner_time_passwords_mail_and_sessions():
    api = partner()
    check(api.call("getServerTimestamp").timestamp.year >= 2024, True)
    users = api.call("query", queryString=f"SELECT Id FROM User WHERE IsActive = true AND Username != '{env('SF_USERNAME')}'")
    user = users.records[0].Id[0] if isinstance(users.records[0].Id, list) else users.records[0].Id
    api.call("setPassword", userId=user, password="a-new-password-1")
    check(len(api.call("resetPassword", userId=user).password) > 7, True)
    mail = api.client.get_type("{urn:partner.soap.sforce.com}SingleEmailMessage")
    message = mail(toAddresses=["ada@example.com"], subject="Engines", plainTextBody="They run.", saveAsActivity=False)
    check(only(api.call("sendEmail", messages=[message])).success, True)


@step
def enterprise_deleted_and_brought_back():
    api = enterprise()
    account = api.client.get_type("{urn:sobject.enterprise.soap.sforce.com}Account")
    gone = only(api.call("create", sObjects=[account(Name="Gone")])).id
    api.call("delete", ids=[gone])
    check(api.call("queryAll", queryString=f"SELECT Id FROM Account WHERE Id = '{gone}'").size, 1)
    check(only(api.call("undelete", ids=[gone])).success, True)


@step
def enterprise_pages():
    api = enterprise()
    account = api.client.get_type("{urn:sobject.enterprise.soap.sforce.com}Account")
    for page in range(2):
        api.call("create", sObjects=[account(Name=f"Page {page} {n}") for n in range(150)])
    options = api.client.get_element("{urn:enterprise.soap.sforce.com}QueryOptions")(batchSize=200)
    words = {"_soapheaders": {**api.headers, "QueryOptions": options}}
    first = api.service.query(queryString="SELECT Id FROM Account WHERE Name LIKE 'Page %'", **words).body.result
    check((first.size, first.done, len(first.records)), (300, False, 200))
    rest = api.service.queryMore(queryLocator=first.queryLocator, **words).body.result
    check((rest.done, len(rest.records)), (True, 100))


@step
def partner_pages_as_people_see_them():
    api = partner()
    apps = api.call("describeTabs")
    check("Account" in [tab.sobjectName for app in apps for tab in app.tabs], True)
    check("Account" in [tab.sobjectName for tab in api.call("describeAllTabs")], True)
    check(api.call("describeLayout", sObjectType="Account").layouts[0].detailLayoutSections is not None, True)
    check(len(api.call("describeCompactLayouts", sObjectType="Account").compactLayouts), 1)
    check([layout.objectType for layout in api.call("describePrimaryCompactLayouts", sObjectTypes=["Account"])], ["Account"])
    check(api.call("describeApprovalLayout", sObjectType="Account"), None)
    check(len(api.call("describeSearchLayouts", sObjectType=["Account"])[0].searchColumns) > 0, True)
    check("Account" in [row.name for row in api.call("describeSearchScopeOrder")], True)
    check("Account" in [row.name for row in api.call("describeSearchableEntities", includeOnlyEntitiesWithTabs=False)], True)
    check("Account" in [item.name for item in api.call("describeTheme", sobjectType=["Account"]).themeItems], True)
    check(len(api.call("describeGlobalTheme").theme.themeItems) > 0, True)
    check(api.call("describeAppMenu", appMenuType="AppSwitcher"), None)


@step
def partner_submits_for_approval():
    api = partner()
    submit = api.client.get_type("{urn:partner.soap.sforce.com}ProcessSubmitRequest")
    account = api.call("query", queryString="SELECT Id FROM Account LIMIT 1").records[0].Id
    answer = only(api.call("process", actions=[submit(objectId=account[0] if isinstance(account, list) else account)]))
    check((answer.success, answer.errors[0].statusCode), (False, "NO_APPLICABLE_PROCESS"))


@step
def a_fault_is_typed():
    raises(zeep.exceptions.Fault, lambda: partner().call("query", queryString="SELECT Nmae FROM Lead"), "No such column 'Nmae'")


@step
def partner_own_password_and_end_of_session():
    api = partner()
    api.call("changeOwnPassword", oldPassword=env("SF_PASSWORD"), newPassword="another-password-2")
    check(only(api.call("invalidateSessions", sessionIds=[api.result.sessionId])).success, True)
    raises(zeep.exceptions.Fault, lambda: api.call("getServerTimestamp"), "INVALID_SESSION_ID")


run()
