//! `serve --data FILE`: the default org on disk. Every commit is in the file before anybody is told of it, so whatever was
//! acknowledged is there after a kill.
//!
//! The file is SQLite in WAL mode with one table of pieces (`mock_sfdc_org::image`): a kind, a key, JSON. It is written by a
//! thread of its own, for commits come from synchronous code. A process that is killed loses nothing; a machine that loses its
//! power may lose the last moments, because the system is not made to flush its cache each time.

use std::{
    io, iter,
    path::{Path, PathBuf},
    sync::{Arc, mpsc},
    thread,
};

use mock_sfdc_org::{
    Kept, Org,
    clock::{Clock, Setting},
    image::{self, ImageError, Kind, Piece},
    state::State,
};
use sqlx::{
    ConnectOptions as _, Connection as _, Row as _, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteLockingMode, SqliteSynchronous},
};
use tokio_stream::StreamExt as _;

use crate::api::bulk::formats::loader;

/// Tells our files from others: SQLite keeps a number for that in its header.
const APPLICATION: i64 = 0x4D6F_636B;
/// The version of what is in the file.
const FORMAT: i64 = 2;
/// The key of the piece that no org has: how its clock is set.
const CLOCK: &str = "clock";

/// Why a data file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    #[error("cannot open {}: {error}", file.display())]
    Open { file: PathBuf, error: sqlx::Error },
    #[error("{} is in use by another process", file.display())]
    InUse { file: PathBuf },
    #[error("{} is no data file of mock-sfdc", file.display())]
    Foreign { file: PathBuf },
    #[error("{} has format {found}; this mock-sfdc reads format {FORMAT}", file.display())]
    Format { file: PathBuf, found: i64 },
    #[error("{}: {error}", file.display())]
    Piece { file: PathBuf, error: ImageError },
    #[error("{}: the clock cannot be read: {error}", file.display())]
    Clock { file: PathBuf, error: serde_json::Error },
    #[error("no thread for {}: {error}", file.display())]
    Thread { file: PathBuf, error: io::Error },
}

/// What a file held.
#[derive(Debug)]
pub struct Held {
    pub state: State,
    pub clock: Clock,
}

/// An open data file.
#[derive(Debug)]
pub struct DataFile {
    file: PathBuf,
    connection: SqliteConnection,
}

type Sent = Box<dyn Iterator<Item = io::Result<Piece>> + Send>;

/// What the thread is to write: these pieces, after everything else has gone, if so.
struct Job {
    whole: bool,
    pieces: Vec<Piece>,
    /// Too large to be made before its turn.
    sent: Sent,
    done: mpsc::SyncSender<()>,
}

impl DataFile {
    /// Opens the file, or makes it, and reads what it holds; a new one holds nothing.
    pub async fn open(file: &Path) -> Result<(Self, Option<Held>), DataError> {
        let failed = |error: sqlx::Error| {
            let busy = error
                .as_database_error()
                .and_then(sqlx::error::DatabaseError::code)
                .is_some_and(|code| code == "5");
            if busy {
                DataError::InUse { file: file.to_owned() }
            } else {
                DataError::Open { file: file.to_owned(), error }
            }
        };
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .locking_mode(SqliteLockingMode::Exclusive)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .busy_timeout(std::time::Duration::from_millis(200))
            .disable_statement_logging();
        let mut connection = options.connect().await.map_err(failed)?;
        let application = number(&mut connection, "PRAGMA application_id").await.map_err(failed)?;
        let tables = number(&mut connection, "SELECT count(*) FROM sqlite_schema").await.map_err(failed)?;
        if tables == 0 {
            let made = format!(
                "BEGIN IMMEDIATE; PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {FORMAT}; CREATE TABLE piece (kind TEXT NOT NULL, \
                 key TEXT NOT NULL, json TEXT NOT NULL, PRIMARY KEY (kind, key)) STRICT, WITHOUT ROWID; COMMIT"
            );
            sqlx::raw_sql(sqlx::AssertSqlSafe(made)).execute(&mut connection).await.map_err(failed)?;
        } else if application != APPLICATION {
            return Err(DataError::Foreign { file: file.to_owned() });
        }
        let found = number(&mut connection, "PRAGMA user_version").await.map_err(failed)?;
        if found != FORMAT {
            return Err(DataError::Format { file: file.to_owned(), found });
        }
        // Takes the lock now, so that a second process hears of it before it serves anybody.
        sqlx::raw_sql("BEGIN IMMEDIATE; COMMIT").execute(&mut connection).await.map_err(failed)?;
        let mut rows = sqlx::query("SELECT kind, key, json FROM piece").fetch(&mut connection);
        let mut loader = loader();
        let mut clock = None;
        while let Some(row) = rows.next().await {
            let row = row.map_err(failed)?;
            let (kind, key, json): (String, String, String) = (row.get(0), row.get(1), row.get(2));
            match Kind::parse(&kind) {
                Some(Kind::Part) if key == CLOCK => clock = Some(json),
                Some(kind) => loader.add(kind, key, json),
                None => return Err(DataError::Foreign { file: file.to_owned() }),
            }
        }
        drop(rows);
        let held = if loader.is_empty() {
            None
        } else {
            let state = loader.finish().map_err(|error| DataError::Piece { file: file.to_owned(), error })?;
            let clock = match clock {
                Some(json) => serde_json::from_str::<Setting>(&json)
                    .map(Clock::with)
                    .map_err(|error| DataError::Clock { file: file.to_owned(), error })?,
                None => Clock::system(),
            };
            Some(Held { state, clock })
        };
        Ok((Self { file: file.to_owned(), connection }, held))
    }

    /// Lets the file hold this org and nothing else.
    pub async fn put(mut self, state: &State, clock: &Clock) -> Result<(), DataError> {
        let mut pieces = image::pieces(state);
        pieces.push(setting(clock));
        let (done, _) = mpsc::sync_channel(1);
        let sent = Box::new(image::sent(None, state));
        let written = write_job(&mut self.connection, Job { whole: true, pieces, sent, done }).await;
        written.map_err(|error| DataError::Open { file: self.file, error })
    }

    /// From now on the file follows the org, and its clock.
    pub fn follow(self, org: &Arc<Org>) -> Result<(), DataError> {
        let Self { file, connection } = self;
        let (ask, jobs) = mpsc::channel::<Job>();
        let name = file.clone();
        thread::Builder::new()
            .name("data file".to_owned())
            .spawn(move || write_all(&name, connection, &jobs))
            .map_err(|error| DataError::Thread { file, error })?;
        let clock = org.clock().clone();
        let on_move = ask.clone();
        org.keep_with(move |kept| {
            let (whole, pieces, sent): (_, _, Sent) = match kept {
                Kept::Whole(state) => {
                    let mut pieces = image::pieces(state);
                    pieces.push(setting(&clock));
                    (true, pieces, Box::new(image::sent(None, state)))
                }
                Kept::Commit { before, after, changes } => {
                    let sent = Box::new(image::sent(Some(before), after));
                    (false, image::delta(before, after, changes), sent)
                }
            };
            write(&ask, whole, pieces, sent);
        });
        org.clock()
            .on_move(move |clock| write(&on_move, false, vec![setting(clock)], Box::new(iter::empty())));
        Ok(())
    }
}

async fn number(connection: &mut SqliteConnection, sql: &'static str) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(sql).fetch_one(connection).await
}

fn setting(clock: &Clock) -> Piece {
    let json = serde_json::to_string(&clock.setting()).ok();
    Piece { kind: Kind::Part, key: CLOCK.to_owned(), json }
}

/// Waits until it is written.
fn write(ask: &mpsc::Sender<Job>, whole: bool, pieces: Vec<Piece>, sent: Sent) {
    let (done, written) = mpsc::sync_channel(1);
    // The thread ends with the process, or ends it.
    let _ = ask.send(Job { whole, pieces, sent, done });
    let _ = written.recv();
}

/// The thread: one job, one transaction. What cannot be kept must not be acknowledged, so a file that cannot be written ends
/// the process.
fn write_all(file: &Path, mut connection: SqliteConnection, jobs: &mpsc::Receiver<Job>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let ended = match runtime {
        Err(error) => Some(error.to_string()),
        Ok(runtime) => jobs.iter().find_map(|job| {
            let done = job.done.clone();
            let written = runtime.block_on(write_job(&mut connection, job));
            let _ = written.is_ok().then(|| done.send(()));
            written.err().map(|error| error.to_string())
        }),
    };
    if let Some(error) = ended {
        tracing::error!(
            "cannot write {}: {error}; stopping, so that nothing is acknowledged that is not kept",
            file.display()
        );
        std::process::exit(1);
    }
}

async fn write_job(connection: &mut SqliteConnection, job: Job) -> Result<(), sqlx::Error> {
    let mut transaction = connection.begin().await?;
    if job.whole {
        sqlx::query("DELETE FROM piece").execute(&mut *transaction).await?;
    }
    for piece in job.pieces.into_iter().map(Ok).chain(job.sent) {
        let Piece { kind, key, json } = piece?;
        match json {
            Some(json) => {
                sqlx::query("INSERT INTO piece VALUES (?, ?, ?) ON CONFLICT (kind, key) DO UPDATE SET json = excluded.json")
                    .bind(kind.as_str())
                    .bind(key)
                    .bind(json)
                    .execute(&mut *transaction)
                    .await?;
            }
            None => {
                sqlx::query("DELETE FROM piece WHERE kind = ? AND key = ?")
                    .bind(kind.as_str())
                    .bind(key)
                    .execute(&mut *transaction)
                    .await?;
            }
        }
    }
    transaction.commit().await
}
