//! Tests over the wire: what any HTTP client sees.
#![allow(clippy::unwrap_used, reason = "a test may fail there")]

mod actions;
mod addresses;
mod bayeux;
mod bodies;
mod browser;
mod bulk1;
mod bulk2;
mod bulk2_queries;
mod bulk2_records;
mod bulk_headers;
mod bulk_kept;
mod bulk_limits;
mod bulk_locks;
mod bulk_progress;
mod bulk_requests;
mod bulk_streaming;
mod change_events;
mod changed_fields;
mod collections;
mod columns;
mod command;
mod components;
mod composite;
mod conditions;
mod control;
mod data;
mod deployments;
mod duplicates;
mod event_channels;
mod event_filters;
mod faults;
mod features;
mod files;
mod formulas;
mod generic_streaming;
mod image;
mod layers;
mod layouts;
mod library;
mod limits;
mod lists;
mod metadata;
mod metadata_wire;
mod oauth;
mod oauth_assertions;
mod oauth_device;
mod oauth_pages;
mod oauth_policies;
mod oauth_requests;
mod outbound;
mod people;
mod permissions;
mod platform_events;
mod pubsub;
mod pubsub_tls;
mod recent;
mod recorded;
mod relationships;
mod replication;
mod rest;
mod rows;
mod search;
mod shares;
mod soap;
mod soap_actions;
mod soap_describe;
mod soap_email;
mod soap_envelope;
mod soap_headers;
mod soap_pages;
mod soap_query;
mod soap_records;
mod soap_session;
mod soql_command;
mod streaming;
mod tls;
mod tooling;
mod tree;
mod ui_api;
mod ui_lists;
mod unseen;
mod user_access;
mod wire;
mod wrong_bodies;
mod wsdl;
mod xml;

use std::sync::LazyLock;

use mock_sfdc::MockSfdc;
use mock_sfdc_org::access::{NewSession, SessionKind, adopt_session};

const TOKEN: &str = "00D5g0000000001!token";

/// A mock that lets [`TOKEN`] in.
async fn mock() -> MockSfdc {
    let (mock, ada) = people::mock().await;
    let session = NewSession::of(ada, SessionKind::Given);
    assert!(mock.tenant().in_transaction(ada, |tx| adopt_session(tx, TOKEN, session)));
    mock
}

/// A plain client, made once (it reads the machine's certificates) and without a pool: each test has a runtime of its own.
/// It speaks no TLS here, but wants a provider of it all the same.
fn client() -> &'static reqwest::Client {
    static CLIENT: LazyLock<reqwest::Client> = LazyLock::new(|| {
        let _ = rustls::crypto::ring::default_provider().install_default();
        reqwest::Client::builder().pool_max_idle_per_host(0).build().unwrap()
    });
    &CLIENT
}
