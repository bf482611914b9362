//! What became of the records of an upload: those that were saved, those that were not, those that nothing was done with. The
//! client's own columns come back as it named them.

use std::{
    io,
    iter::{self, once},
    sync::Arc,
};

use http::StatusCode;
use mock_sfdc_org::{
    bulk::{Cell, Columns, Job, JobType, Outcome, Target, Work},
    error::Error,
    save::coerce::coerce,
    schema::Object,
};

use super::named;
use crate::{
    api::bulk::{
        content::csv::header_line,
        table::{self, Table},
    },
    call::{Answer, Call, unkept},
    reply::Reply,
    spool,
};

/// `GET {job}/successfulResults`
pub fn successful(call: &Call) -> Answer {
    answer(call, &["sf__Id", "sf__Created"], |lines, outcome, cells| {
        if let Outcome::Saved { id, created } = outcome {
            lines.table.text(&id.to_string());
            lines.table.text(if *created { "true" } else { "false" });
            lines.normalised(cells);
        }
    })
}

/// `GET {job}/failedResults`
pub fn failed(call: &Call) -> Answer {
    answer(call, &["sf__Id", "sf__Error"], |lines, outcome, cells| {
        if let Outcome::Failed { id, errors } = outcome {
            lines.table.text(&id.map(|id| id.to_string()).unwrap_or_default());
            lines.table.text(&table::errors(errors));
            lines.table.texts(cells.iter().map(table::given));
            lines.table.end_line();
        }
    })
}

/// `GET {job}/unprocessedrecords`
pub fn unprocessed(call: &Call) -> Answer {
    let job = over(call)?;
    let Some(Work::Records { content, at, .. }) = job.batches.front().map(|batch| &batch.work) else {
        return csv(iter::empty());
    };
    let (mut header, first) = header_line(&**content.sent(), job.spec.delimiter.byte()).map_err(unkept)?;
    header.extend_from_slice(job.spec.line_ending.text().as_bytes());
    // What was sent and cannot be read is given back all the same.
    let rest = spool::pieces(Arc::clone(content.sent()), first.max(*at));
    csv(once(Ok(header)).chain(rest))
}

/// Lines in the making.
struct Lines {
    table: Table,
    object: Option<Arc<Object>>,
    targets: Vec<Target>,
}

impl Lines {
    /// The values as the org has understood them: `9.12E8` of a number, however it was written.
    fn normalised(&mut self, cells: &[Cell<'_>]) {
        for (at, cell) in cells.iter().enumerate() {
            let field = match (self.targets.get(at), &self.object) {
                (Some(Target::Field(position)), Some(object)) => object.field_at(*position),
                _ => None,
            };
            let understood = field
                .filter(|field| table::is_normalised(field))
                .and_then(|field| Some(table::value(&coerce(field, cell.raw()?).ok()?, field.kind)));
            match understood {
                Some(text) if *cell != Cell::Null => self.table.text(&text),
                _ => self.table.text(table::given(cell)),
            }
        }
        self.table.end_line();
    }
}

fn answer(call: &Call, own: &[&str; 2], line: fn(&mut Lines, &Outcome, &[Cell<'_>])) -> Answer {
    let job = over(call)?;
    let mut table = Table::new(job.spec.delimiter, job.spec.line_ending);
    table.texts(own);
    let Some(Work::Records { content, outcomes, .. }) = job.batches.front().map(|batch| &batch.work) else {
        table.end_line();
        return csv(once(Ok(table.take())));
    };
    let (header, _) = header_line(&**content.sent(), job.spec.delimiter.byte()).map_err(unkept)?;
    if !header.is_empty() {
        table.raw(&header);
    }
    table.end_line();
    let viewer = job.spec.viewer(&call.org().snapshot(), call.user()?);
    let object = viewer.schema().object(&job.spec.object).cloned();
    let bound = object.as_ref().zip(content.names().first());
    let bound =
        bound.and_then(|(object, names)| Columns::bind(viewer.schema(), object, &job.spec, names).ok());
    let targets = bound.map(|columns| columns.targets).unwrap_or_default();
    let header = table.take();
    let (mut lines, mut at) = (Lines { table, object, targets }, 0);
    let (content, outcomes) = (Arc::clone(content), outcomes.clone());
    let chunks = outcomes.chunks().collect::<Vec<_>>().into_iter().enumerate();
    let steps = chunks.map(move |(number, records)| {
        let mut chunk = outcomes.chunk(number)?.into_iter();
        at = content.read(at, records, &mut |_, cells| {
            if let Some(outcome) = chunk.next() {
                line(&mut lines, &outcome, cells);
            }
        })?;
        Ok(lines.table.take())
    });
    csv(once(Ok(header)).chain(steps))
}

/// The job of the path, once it has come to an end.
fn over(call: &Call) -> Result<Arc<Job>, Error> {
    let job = named(call, &[JobType::Ingest])?;
    if job.state().is_terminal() { Ok(job) } else { Err(Error::job_is_not_complete(job.state().as_str())) }
}

fn csv(steps: impl Iterator<Item = io::Result<Vec<u8>>> + Send + 'static) -> Answer {
    Reply::long(StatusCode::OK, "text/csv; charset=UTF-8", steps).map_err(unkept)
}
