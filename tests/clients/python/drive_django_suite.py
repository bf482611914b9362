"""django-salesforce, unmodified: the test suite that its wheel installs, with the settings that it installs, run against the mock."""

import os
import unittest

import django
from django.conf import settings
from simple_salesforce import Salesforce

from steps import env

PASSWORD = env("SF_PASSWORD")
# Its settings read these; an assignment here is what its documentation puts into local_settings.py.
os.environ.update(
    SF_CONSUMER_KEY=env("SF_CLIENT_ID"), SF_CONSUMER_SECRET=env("SF_CLIENT_SECRET"),
    SF_USER=env("SF_USERNAME"), SF_PASSWORD=PASSWORD + env("SF_SECURITY_TOKEN"),
)
import salesforce.testrunner.settings as shipped  # noqa: E402

settings.configure(
    **{name: value for name, value in vars(shipped).items() if name.isupper()},
    SF_EXAMPLE_CUSTOM_INSTALLED=True,
)

# What keeps a test from passing here, and not in an org that was set up for it.
REFUSED = {"test_content_version": "ContentVersion has no VersionDataUrl"}


def customize():
    """The objects, fields and rows that the suite's documentation asks for."""
    sf = Salesforce(username=env("SF_USERNAME"), password=PASSWORD, security_token=env("SF_SECURITY_TOKEN"), version="64.0")
    objects, fields = sf.mdapi.CustomObject, sf.mdapi.CustomField

    def field(name, **kind):
        fields.create([fields(fullName=name, label=name.split(".")[1].removesuffix("__c"), **kind)])

    for name in ("django_Test__c", "django_Test_detail__c"):
        named = sf.mdapi.CustomField(label="Name", type="Text")
        objects.create([objects(
            fullName=name, label=name.removesuffix("__c"), pluralLabel=name.removesuffix("__c") + "s", nameField=named,
            deploymentStatus="Deployed", sharingModel="ReadWrite" if name == "django_Test__c" else "ControlledByParent",
            fields=[sf.mdapi.CustomField(
                fullName="Parent__c", label="Parent", type="MasterDetail", referenceTo="django_Test__c",
                relationshipName="Details", relationshipLabel="Details",
            )] if name == "django_Test_detail__c" else [],
        )])
    field("django_Test__c.TestText__c", type="Text", length=40)
    field("django_Test__c.TestBool__c", type="Checkbox", defaultValue="false")
    field("django_Test__c.Contact__c", type="Lookup", referenceTo="Contact", relationshipName="Tests", relationshipLabel="Tests")
    field("django_Test_detail__c.Contact__c", type="Lookup", referenceTo="Contact", relationshipName="Test_details", relationshipLabel="Details")
    field("Contact.vs__c", type="Number", precision=10, scale=0, unique=True, externalId=False)
    # One test wants more rows than a page has.
    sf.bulk.Lead.insert([{"LastName": f"Many {n}", "Company": "Many"} for n in range(2001)], batch_size=2001)


class Told(unittest.TextTestResult):
    """What became of each test, a line each."""

    def said(self, word, test, why=""):
        name = test.id().removeprefix("salesforce.").replace("_", " ")
        print(f"{word} {name}{why and ': ' + str(why)[-1500:].replace(chr(10), ' | ')}", flush=True)

    def broken(self, test, error):
        reason = REFUSED.get(test.id().rsplit(".", 1)[-1])
        self.said("refused" if reason else "FAILED", test, reason or self._exc_info_to_string(error, test))

    def addSuccess(self, test):
        super().addSuccess(test)
        self.said("ok", test)

    def addExpectedFailure(self, test, err):
        super().addExpectedFailure(test, err)
        self.said("ok", test, "it fails, as its authors expect")

    def addUnexpectedSuccess(self, test):
        super().addUnexpectedSuccess(test)
        self.said("unexpected", test, "it passes, which its authors do not expect")

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.said("skipped", test, reason)

    def addError(self, test, err):
        super().addError(test, err)
        self.broken(test, err)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.broken(test, err)

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err:
            self.broken(test, err)


django.setup()
customize()

from django.test.runner import DiscoverRunner  # noqa: E402


class Runner(DiscoverRunner):
    def get_resultclass(self):
        return Told


Runner(verbosity=0, interactive=False).run_tests(["salesforce"])
