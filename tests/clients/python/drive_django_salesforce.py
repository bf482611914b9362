"""django-salesforce, unmodified: an ORM whose database is the org."""

import sys

import django
from django.conf import settings

from steps import check, env, run, step

settings.configure(
    SECRET_KEY="none", USE_TZ=True, TIME_ZONE="UTC", SALESFORCE_DB_ALIAS="salesforce",
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "salesforce"],
    DATABASE_ROUTERS=["salesforce.router.ModelRouter"], DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    DATABASES={
        "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"},
        "salesforce": {
            "ENGINE": "salesforce.backend", "CONSUMER_KEY": env("SF_CLIENT_ID"), "CONSUMER_SECRET": env("SF_CLIENT_SECRET"),
            "USER": env("SF_USERNAME"), "PASSWORD": env("SF_PASSWORD") + env("SF_SECURITY_TOKEN"), "HOST": "https://login.salesforce.com",
        },
    },
)
django.setup()

from django.db.models import Count, Q  # noqa: E402
from salesforce import models  # noqa: E402
from salesforce.dbapi.exceptions import SalesforceError  # noqa: E402


class Account(models.SalesforceModel):
    Name = models.CharField(max_length=255)
    Industry = models.CharField(max_length=100, null=True)

    class Meta:
        app_label = "salesforce"
        db_table = "Account"
        managed = False


class Contact(models.SalesforceModel):
    last_name = models.CharField(db_column="LastName", max_length=80)
    account = models.ForeignKey(Account, models.DO_NOTHING, db_column="AccountId", null=True)

    class Meta:
        app_label = "salesforce"
        db_table = "Contact"
        managed = False


made = {}


@step
def save_and_get():
    made["account"] = Account.objects.create(Name="Django", Industry="Media")
    made["contact"] = Contact.objects.create(last_name="Reinhardt", account=made["account"])
    check(Account.objects.get(pk=made["account"].pk).Name, "Django")


@step
def update():
    made["account"].Industry = "Energy"
    made["account"].save()
    check(Account.objects.filter(pk=made["account"].pk).update(Industry="Apparel"), 1)
    check(Account.objects.get(pk=made["account"].pk).Industry, "Apparel")


@step
def filter_join_and_order():
    rows = Contact.objects.filter(account__Name="Django").select_related("account").order_by("-last_name")
    check([(row.last_name, row.account.Name) for row in rows], [("Reinhardt", "Django")])
    check(Account.objects.filter(Q(Name__startswith="Dja") & ~Q(Industry="Media")).count(), 1)


@step
def aggregate():
    counted = Account.objects.filter(Name="Django").order_by().values("Industry").annotate(n=Count("Name"))
    check(list(counted), [{"Industry": "Apparel", "n": 1}])


@step
def bulk_create_and_delete():
    Contact.objects.bulk_create([Contact(last_name=f"Many {n}") for n in range(3)])
    check(Contact.objects.filter(last_name__startswith="Many").count(), 3)
    Contact.objects.filter(last_name__startswith="Many").delete()
    check(Contact.objects.filter(last_name__startswith="Many").count(), 0)


@step
def a_refusal_is_told():
    try:
        Contact.objects.create(last_name="x" * 81)
    except SalesforceError as error:
        check("STRING_TOO_LONG" in str(error), True)
    else:
        raise AssertionError("nothing was refused")


run()
