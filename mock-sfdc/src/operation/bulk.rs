//! The Bulk APIs. 2.0 is REST in all but its name.

use crate::api::{bulk, not_emulated as refused};

use super::row::operations;

operations! {
    /// Bulk API 2.0.
    pub const TWO: Rest = {
    "bulk2.ingest.list"           Get    "/services/data/{version}/jobs/ingest"                  Session now bulk::two::ingest::all, ["isPkChunkingEnabled", "jobType", "concurrencyMode", "queryLocator"];
    "bulk2.ingest.create"         Post   "/services/data/{version}/jobs/ingest"                  Session later bulk::two::ingest::create, [];
    "bulk2.ingest.get"            Get    "/services/data/{version}/jobs/ingest/{job}"            Session now bulk::two::ingest::get, [];
    "bulk2.ingest.change"         Patch  "/services/data/{version}/jobs/ingest/{job}"            Session later bulk::two::ingest::change, [];
    "bulk2.ingest.delete"         Delete "/services/data/{version}/jobs/ingest/{job}"            Session now bulk::two::ingest::delete, [];
    "bulk2.ingest.upload"         Put    "/services/data/{version}/jobs/ingest/{job}/batches"    Session now bulk::two::ingest::upload, [];
    "bulk2.ingest.successful"     Get    "/services/data/{version}/jobs/ingest/{job}/successfulResults" Session now bulk::two::results::successful, [];
    "bulk2.ingest.failed"         Get    "/services/data/{version}/jobs/ingest/{job}/failedResults" Session now bulk::two::results::failed, [];
    "bulk2.ingest.unprocessed"    Get    "/services/data/{version}/jobs/ingest/{job}/unprocessedrecords" Session now bulk::two::results::unprocessed, [];
    "bulk2.ingest.unprocessed.camel" Get "/services/data/{version}/jobs/ingest/{job}/unprocessedRecords" Session now bulk::two::results::unprocessed, [];
    "bulk2.query.list"            Get    "/services/data/{version}/jobs/query"                   Session now bulk::two::ingest::all, ["isPkChunkingEnabled", "jobType", "concurrencyMode", "queryLocator"];
    "bulk2.query.create"          Post   "/services/data/{version}/jobs/query"                   Session later bulk::two::query::create, [];
    "bulk2.query.get"             Get    "/services/data/{version}/jobs/query/{job}"             Session now bulk::two::query::get, [];
    "bulk2.query.change"          Patch  "/services/data/{version}/jobs/query/{job}"             Session now bulk::two::query::change, [];
    "bulk2.query.delete"          Delete "/services/data/{version}/jobs/query/{job}"             Session now bulk::two::query::delete, [];
    "bulk2.query.results"         Get    "/services/data/{version}/jobs/query/{job}/results"     Session now bulk::two::pages::results, ["locator", "maxRecords"];
    "bulk2.query.resultPages"     Get    "/services/data/{version}/jobs/query/{job}/resultPages" Session now bulk::two::pages::list, ["locator"];
    "bulk2.query.resultPages.lower" Get  "/services/data/{version}/jobs/query/{job}/resultpages" Session now bulk::two::pages::list, ["locator"];
    }
}

operations! {
    /// Bulk API 1.0.
    pub const ONE: Bulk = {
    "bulk1.job.create"            Post   "/services/async/{bulkversion}/job"                     Session now bulk::one::jobs::create, [];
    "bulk1.job.get"               Get    "/services/async/{bulkversion}/job/{job}"               Session now bulk::one::jobs::get, [];
    "bulk1.job.change"            Post   "/services/async/{bulkversion}/job/{job}"               Session now bulk::one::jobs::change, [];
    "bulk1.job.spec"              Any    "/services/async/{bulkversion}/job/{job}/spec"          Session now refused, [];
    "bulk1.batch.list"            Get    "/services/async/{bulkversion}/job/{job}/batch"         Session now bulk::one::batches::list, [];
    "bulk1.batch.create"          Post   "/services/async/{bulkversion}/job/{job}/batch"         Session later bulk::one::batches::create, [];
    "bulk1.batch.get"             Get    "/services/async/{bulkversion}/job/{job}/batch/{batch}" Session now bulk::one::batches::get, [];
    "bulk1.batch.request"         Get    "/services/async/{bulkversion}/job/{job}/batch/{batch}/request" Session now bulk::one::batches::request, [];
    "bulk1.batch.result"          Get    "/services/async/{bulkversion}/job/{job}/batch/{batch}/result" Session now bulk::one::results::list, [];
    "bulk1.batch.result.get"      Get    "/services/async/{bulkversion}/job/{job}/batch/{batch}/result/{result}" Session now bulk::one::results::get, ["format"];
    "bulk1.more"                  Any    "/services/async/{*rest}"                               Session now refused, ["*"];
    }
}
