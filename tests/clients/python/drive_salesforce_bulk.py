"""salesforce-bulk, unmodified: Bulk API 1.0 with CSV and JSON, found by a login at login.salesforce.com."""

import json

from salesforce_bulk import BulkApiError, CsvDictsAdapter, SalesforceBulk

from steps import check, env, raises, run, step

bulk = SalesforceBulk(
    username=env("SF_USERNAME"), password=env("SF_PASSWORD"), security_token=env("SF_SECURITY_TOKEN"), API_version="58.0"
)


@step
def insert_from_csv():
    job = bulk.create_insert_job("Lead", contentType="CSV", concurrency="Parallel")
    rows = CsvDictsAdapter(iter([{"LastName": "One", "Company": "Csv"}, {"LastName": "Two", "Company": ""}]))
    batch = bulk.post_batch(job, rows)
    bulk.wait_for_batch(job, batch, sleep_interval=0.05)
    bulk.close_job(job)
    results = bulk.get_batch_results(batch, job)
    check([(r.success, r.created) for r in results], [("true", "true"), ("false", "false")])
    check(results[1].error, "REQUIRED_FIELD_MISSING:Required fields are missing: [Company]:Company --")


@step
def query_as_csv():
    job = bulk.create_query_job("Lead", contentType="CSV")
    batch = bulk.query(job, "SELECT LastName, Company FROM Lead WHERE Company = 'Csv'")
    bulk.close_job(job)
    bulk.wait_for_batch(job, batch, sleep_interval=0.05)
    lines = [line for result in bulk.get_all_results_for_query_batch(batch, job) for line in result.read().decode().splitlines()]
    check(lines, ['"LastName","Company"', '"One","Csv"'])


@step
def batches_are_listed_and_their_requests_told():
    job = bulk.create_query_job("Lead", contentType="CSV")
    batch = bulk.query(job, "SELECT LastName FROM Lead LIMIT 1")
    check([found["id"] for found in bulk.get_batch_list(job)], [batch])
    check("SELECT LastName FROM Lead LIMIT 1" in str(bulk.get_query_batch_request(batch, job)), True)


@step
def query_as_json():
    job = bulk.create_query_job("Lead", contentType="JSON")
    batch = bulk.query(job, "SELECT Id, LastName FROM Lead WHERE Company = 'Csv'", contentType="JSON")
    bulk.close_job(job)
    bulk.wait_for_batch(job, batch, sleep_interval=0.05)
    rows = [row for result in bulk.get_all_results_for_query_batch(batch, job) for row in json.load(result)]
    check([row["LastName"] for row in rows], ["One"])


@step
def update_upsert_and_delete():
    found = bulk.create_query_job("Lead", contentType="JSON")
    batch = bulk.query(found, "SELECT Id FROM Lead WHERE Company = 'Csv'", contentType="JSON")
    bulk.wait_for_batch(found, batch, sleep_interval=0.05)
    row = [row for result in bulk.get_all_results_for_query_batch(batch, found) for row in json.load(result)][0]["Id"]
    for operation, data in (("update", {"Id": row, "Title": "x"}), ("upsert", {"Id": row, "Title": "y"}), ("delete", {"Id": row})):
        words = {"external_id_name": "Id"} if operation == "upsert" else {}
        job = getattr(bulk, f"create_{operation}_job")("Lead", contentType="CSV", **words)
        batch = bulk.post_batch(job, CsvDictsAdapter(iter([data])))
        bulk.wait_for_batch(job, batch, sleep_interval=0.05)
        bulk.close_job(job)
        check([(r.id, r.success) for r in bulk.get_batch_results(batch, job)], [(row, "true")])


@step
def an_unknown_object_is_refused():
    raises(BulkApiError, lambda: bulk.create_insert_job("Video__c", contentType="CSV"), "InvalidJob", "Unable to find object: Video__c")


@step
def a_job_is_aborted():
    job = bulk.create_insert_job("Lead", contentType="CSV")
    bulk.abort_job(job)
    check(bulk.job_state(job), "Aborted")


run()
