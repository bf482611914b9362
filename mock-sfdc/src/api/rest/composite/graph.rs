//! `/composite/graph`: graphs of subrequests, each of which stands or falls as a whole.

use std::collections::BTreeSet;

use http::{Method, StatusCode};
use mock_sfdc_org::error::Error;
use serde::Deserialize;

use super::{
    GRAPH,
    part::Parts,
    series::{self, Outcome, Series, Subrequest},
    since,
};
use crate::{
    api::rest::{body, json, shape::objects},
    call::{Answer, Call},
    layers::{self, Aftermath},
    reply::Reply,
};

const MOST_GRAPHS: usize = 75;
const MOST_NODES: usize = 500;
const MOST_DEPTH: usize = 15;
/// Nodes are different that differ in version, method or object.
const MOST_DIFFERENT: usize = 15;
/// When more graphs have failed, the rest is not tried.
const MOST_FAILURES: usize = 14;
/// A graph's id is shorter.
const ID_LENGTH: usize = 40;

/// `{"graphs": [{"graphId": "1", "compositeRequest": […]}]}`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Body<'a> {
    #[serde(borrow, deserialize_with = "objects")]
    graphs: Vec<GraphBody<'a>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct GraphBody<'a> {
    graph_id: String,
    #[serde(borrow, deserialize_with = "objects")]
    composite_request: Vec<Subrequest<'a>>,
}

#[derive(Debug)]
struct Graph<'a> {
    id: String,
    nodes: Series<'a>,
}

/// `POST`
pub async fn send(call: &Call) -> Answer {
    let (reply, aftermath) = answered(call)?;
    layers::settle(aftermath, call, reply).await
}

fn answered(call: &Call) -> Result<(Reply, Aftermath), Error> {
    since(call, GRAPH)?;
    let graphs = read(call)?;
    let mut parts = Parts::of(call);
    let mut failures = 0;
    let mut out = b"{\"graphs\":[".to_vec();
    for graph in &graphs {
        if parts.is_over() {
            break;
        }
        let (outcomes, went_well) = if failures > MOST_FAILURES {
            (graph.nodes.halted(call, &Error::graphs_halted(MOST_FAILURES)), false)
        } else {
            graph.nodes.together(call, &mut parts)?
        };
        failures += usize::from(!went_well);
        json::comma(&mut out);
        write(&mut out, &graph.id, &outcomes, went_well);
    }
    out.extend_from_slice(b"]}");
    Ok((Reply::json(StatusCode::OK, out), parts.aftermath))
}

fn read(call: &Call) -> Result<Vec<Graph<'_>>, Error> {
    let body: Body<'_> = body::parsed(call)?;
    let mut graphs: Vec<Graph<'_>> = Vec::with_capacity(body.graphs.len());
    for graph in body.graphs {
        if !is_graph_id(&graph.graph_id) || graphs.iter().any(|known| known.id == graph.graph_id) {
            return Err(Error::illegal_graph_id(&graph.graph_id));
        }
        let nodes = Series::read(call, graph.composite_request, allows)?;
        graphs.push(Graph { id: graph.graph_id, nodes });
    }
    check_limits(&graphs)?;
    Ok(graphs)
}

/// Of letters, digits and what else there is but a dot, the first no sign.
fn is_graph_id(text: &str) -> bool {
    let begins = text.chars().next().is_some_and(char::is_alphanumeric);
    begins && text.chars().count() < ID_LENGTH && !text.contains('.')
}

fn check_limits(graphs: &[Graph<'_>]) -> Result<(), Error> {
    let nodes: usize = graphs.iter().map(|graph| graph.nodes.len()).sum();
    let depth = graphs.iter().map(|graph| graph.nodes.depth()).max().unwrap_or(0);
    let different: BTreeSet<(String, u16, String)> = graphs
        .iter()
        .flat_map(|graph| graph.nodes.resources())
        .map(|(method, version, path)| {
            let object = path.split('/').nth(1).unwrap_or_default();
            (method.to_string(), version.0, object.to_lowercase())
        })
        .collect();
    for (what, found, most) in [
        ("graphs", graphs.len(), MOST_GRAPHS),
        ("nodes", nodes, MOST_NODES),
        ("nodes in a chain", depth, MOST_DEPTH),
        ("different nodes", different.len(), MOST_DIFFERENT),
    ] {
        if found > most {
            return Err(Error::graph_limit(what, most));
        }
    }
    Ok(())
}

/// New records, records by id, and records by a field that identifies them.
fn allows(method: &Method, path: &str) -> bool {
    let mut segments = path.split('/');
    if segments.next() != Some("sobjects") {
        return false;
    }
    match segments.count() {
        1 => *method == Method::POST,
        2 => [Method::GET, Method::PATCH, Method::DELETE].contains(method),
        3 => [Method::GET, Method::PATCH, Method::DELETE, Method::POST].contains(method),
        _ => false,
    }
}

/// `{"graphId":"1","graphResponse":{"compositeResponse":[…]},"isSuccessful":true}`
fn write(out: &mut Vec<u8>, id: &str, outcomes: &[Outcome], went_well: bool) {
    out.extend_from_slice(b"{\"graphId\":");
    json::string(out, id);
    out.extend_from_slice(b",\"graphResponse\":{");
    series::write(out, outcomes);
    out.extend_from_slice(format!("}},\"isSuccessful\":{went_well}}}").as_bytes());
}
