//! Jobs of the Bulk APIs in an image. What was sent and what became of it is as large as an upload: those pieces are made one by one,
//! when whoever writes them down is ready for the next ([`sent`]).

use std::{collections::BTreeMap, io, str, sync::Arc};

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::{
    ImageError, Kind, Piece,
    loading::{number_of, problem, read},
    stored::numbered,
    writing::{gone, piece},
};
use crate::{
    bulk::{Batch, BatchImage, Formats, Job, JobImage, Jobs, JobsImage, Kept, Outcomes, Store},
    id::Id,
    state::State,
};

pub(super) const BULK: &str = "bulk";
/// So much of an upload is one piece: no rest in base64.
const SENT_PIECE: usize = 48 * 1024;

fn batch_key(job: &Job, batch: &Batch) -> String {
    format!("{}/{}", job.id, batch.id)
}

fn part_key(batch: &str, number: usize) -> String {
    format!("{batch}/{}", numbered(number as u64))
}

fn sent_pieces(batch: &Batch) -> usize {
    let size = batch.content().map_or(0, |content| content.sent().size());
    usize::try_from(size.div_ceil(SENT_PIECE as u64)).unwrap_or(usize::MAX)
}

fn chunks(batch: &Batch) -> usize {
    batch.outcomes().map_or(0, |outcomes| outcomes.chunks().count())
}

/// What jobs are, as far as a commit has changed it.
pub(super) fn jobs(after: &Jobs, before: Option<&Jobs>, out: &mut Vec<Piece>) {
    if before.is_some_and(|before| std::ptr::eq(before, after)) {
        return;
    }
    out.push(piece(Kind::Part, BULK, &JobsImage::of(after)));
    for job in after.kept() {
        let old = before.and_then(|before| before.kept_one(job.id));
        if old.is_some_and(|old| Arc::ptr_eq(old, job)) {
            continue;
        }
        out.push(piece(Kind::Job, job.id.to_string(), &JobImage::of(job)));
        for batch in &job.batches {
            if old.and_then(|old| old.batch(batch.id)).is_none_or(|old| !Arc::ptr_eq(old, batch)) {
                out.push(piece(Kind::Batch, batch_key(job, batch), &BatchImage::of(batch)));
            }
        }
    }
    let lost = before.into_iter().flat_map(Jobs::kept).filter(|job| after.kept_one(job.id).is_none());
    for job in lost {
        out.push(gone(Kind::Job, job.id.to_string()));
        for batch in &job.batches {
            let key = batch_key(job, batch);
            out.extend((0..sent_pieces(batch)).map(|number| gone(Kind::Sent, part_key(&key, number))));
            out.extend((0..chunks(batch)).map(|number| gone(Kind::Outcomes, part_key(&key, number))));
            out.push(gone(Kind::Batch, key));
        }
    }
}

/// A batch's part that is written down by itself.
enum Part {
    Sent(Arc<dyn Store>),
    Outcomes(Outcomes),
}

/// What was sent to jobs and what became of it, as far as a commit has added to it; all of it without a state before.
pub fn sent(before: Option<&State>, after: &State) -> impl Iterator<Item = io::Result<Piece>> + Send + use<> {
    let mut parts = Vec::new();
    let before = before.map(State::bulk);
    if before.is_none_or(|before| !std::ptr::eq(before, after.bulk())) {
        for job in after.bulk().kept() {
            let old = before.and_then(|before| before.kept_one(job.id));
            if old.is_none_or(|old| !Arc::ptr_eq(old, job)) {
                parts.extend(job.batches.iter().flat_map(|batch| new_parts(job, old, batch)));
            }
        }
    }
    parts.into_iter().map(|(key, number, part)| part_piece(&key, number, &part))
}

fn new_parts(job: &Job, old: Option<&Arc<Job>>, batch: &Batch) -> Vec<(String, usize, Part)> {
    let key = batch_key(job, batch);
    let old = old.and_then(|old| old.batch(batch.id));
    let mut parts = Vec::new();
    if let (None, Some(content)) = (old, batch.content()) {
        let sent =
            (0..sent_pieces(batch)).map(|at| (key.clone(), at, Part::Sent(Arc::clone(content.sent()))));
        parts.extend(sent);
    }
    if let Some(outcomes) = batch.outcomes() {
        let new = old.map_or(0, |old| chunks(old))..chunks(batch);
        parts.extend(new.map(|number| (key.clone(), number, Part::Outcomes(outcomes.clone()))));
    }
    parts
}

fn part_piece(key: &str, number: usize, part: &Part) -> io::Result<Piece> {
    let (kind, text) = match part {
        Part::Sent(store) => {
            let mut bytes = Vec::with_capacity(SENT_PIECE);
            store.read(number as u64 * SENT_PIECE as u64, SENT_PIECE, &mut bytes)?;
            (Kind::Sent, STANDARD.encode(bytes))
        }
        Part::Outcomes(outcomes) => {
            let text = String::from_utf8(outcomes.text(number)?);
            (Kind::Outcomes, text.map_err(|_| io::ErrorKind::InvalidData)?)
        }
    };
    Ok(piece(kind, part_key(key, number), &text))
}

/// Puts jobs together again.
#[derive(Debug, Default)]
pub(super) struct JobLoader {
    formats: Option<Arc<dyn Formats>>,
    jobs: BTreeMap<String, String>,
    batches: BTreeMap<String, String>,
    /// By batch.
    sent: BTreeMap<String, Sequel>,
    outcomes: BTreeMap<String, String>,
    broken: Option<ImageError>,
}

/// What was sent so far, and pieces that came before their turn.
#[derive(Debug)]
struct Sequel {
    store: Arc<dyn Store>,
    next: u64,
    early: BTreeMap<u64, Vec<u8>>,
}

impl JobLoader {
    pub fn with(formats: Arc<dyn Formats>) -> Self {
        Self { formats: Some(formats), ..Self::default() }
    }

    pub fn add(&mut self, kind: Kind, key: String, json: String) {
        match kind {
            Kind::Job => drop(self.jobs.insert(key, json)),
            Kind::Batch => drop(self.batches.insert(key, json)),
            Kind::Outcomes => drop(self.outcomes.insert(key, json)),
            _ => {
                let added = self.add_sent(&key, &json);
                self.broken = self.broken.take().or(added.err());
            }
        }
    }

    fn add_sent(&mut self, key: &str, json: &str) -> Result<(), ImageError> {
        let wrong = |text: String| problem(Kind::Sent, key, text);
        let formats = self.formats.as_ref().ok_or_else(|| wrong("nobody can read it here".to_owned()))?;
        let (batch, number) = key.rsplit_once('/').ok_or_else(|| wrong("names no batch".to_owned()))?;
        let number = number_of(Kind::Sent, key, number)?;
        let text: String = read(Kind::Sent, key, json)?;
        let bytes = STANDARD.decode(text).map_err(|error| wrong(error.to_string()))?;
        let new = || Sequel { store: formats.store(), next: 0, early: BTreeMap::new() };
        let sequel = self.sent.entry(batch.to_owned()).or_insert_with(new);
        sequel.early.insert(number, bytes);
        while let Some(bytes) = sequel.early.remove(&sequel.next) {
            sequel.store.add(&bytes).map_err(|error| wrong(error.to_string()))?;
            sequel.next += 1;
        }
        Ok(())
    }

    /// `of_all` is what images of today have of all jobs together.
    pub fn finish(mut self, of_all: Option<&String>, jobs: &mut Jobs) -> Result<(), ImageError> {
        if let Some(broken) = self.broken.take() {
            return Err(broken);
        }
        if let Some(json) = of_all {
            jobs.take_image(read(Kind::Part, BULK, json)?);
        }
        let mut specs = BTreeMap::new();
        for (key, json) in std::mem::take(&mut self.jobs) {
            let image: JobImage = read(Kind::Job, &key, &json)?;
            specs.insert(key.clone(), image.spec.clone());
            jobs.take_job(id(Kind::Job, &key, &key)?, image);
        }
        for (key, json) in std::mem::take(&mut self.batches) {
            let wrong = |text: &str| problem(Kind::Batch, &key, text);
            let image: BatchImage = read(Kind::Batch, &key, &json)?;
            let (job, batch) = key.split_once('/').ok_or_else(|| wrong("names no job"))?;
            let spec = specs.get(job).ok_or_else(|| wrong("its job is missing"))?;
            let kept = if image.has_records() { Some(self.records(&key, spec)?) } else { None };
            let (job, batch) = (id(Kind::Batch, &key, job)?, id(Kind::Batch, &key, batch)?);
            if !jobs.take_batch(job, batch, image, kept) {
                return Err(wrong("it does not fit its job"));
            }
        }
        Ok(())
    }

    fn records(&mut self, batch: &str, spec: &crate::bulk::Spec) -> Result<Kept, ImageError> {
        let wrong = |text: &str| problem(Kind::Batch, batch, text);
        let formats = self.formats.as_ref().ok_or_else(|| wrong("nobody can read its records here"))?;
        let sent = match self.sent.remove(batch) {
            Some(sequel) if !sequel.early.is_empty() => {
                return Err(wrong("some of what was sent is missing"));
            }
            Some(sequel) => sequel.store,
            None => formats.store(),
        };
        let mut outcomes = Outcomes::new(formats.store());
        let from = part_key(batch, 0);
        let chunks = self.outcomes.range(from..).take_while(|(key, _)| key.starts_with(batch));
        for (key, json) in chunks {
            let text: String = read(Kind::Outcomes, key, json)?;
            outcomes.take_back(text.as_bytes()).map_err(|error| wrong(&error.to_string()))?;
        }
        Ok(Kept { content: formats.content(spec, sent), outcomes })
    }
}

fn id(kind: Kind, key: &str, text: &str) -> Result<Id, ImageError> {
    Id::parse(text).ok_or_else(|| problem(kind, key, format!("{text:?} is no id")))
}
