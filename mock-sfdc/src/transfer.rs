//! `mock-sfdc export` and `mock-sfdc import`: a data file of `serve --data` as one text, and back.

use std::{
    fs, io,
    io::Write as _,
    path::{Path, PathBuf},
};

use clap::Args;
use mock_sfdc::{
    api::bulk::formats::loader,
    data::{DataError, DataFile},
};
use mock_sfdc_org::{
    clock::Clock,
    image::{self, ImportError},
};

#[derive(Debug, Args)]
pub struct Export {
    /// A file of `serve --data`, which must not be serving
    data: PathBuf,
    /// Where the export goes; without it to standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Import {
    /// An export: of this command, or of the control API
    file: PathBuf,
    /// The file for `serve --data`
    data: PathBuf,
    /// Lets go what the data file holds
    #[arg(long)]
    replace: bool,
}

/// Why nothing was exported or imported.
#[derive(Debug, thiserror::Error)]
pub enum TransferError {
    #[error("cannot read {}: {error}", file.display())]
    Read { file: PathBuf, error: io::Error },
    #[error("cannot write {}: {error}", file.display())]
    Write { file: PathBuf, error: io::Error },
    #[error("{0}")]
    Data(#[from] DataError),
    #[error("{}: {error}", file.display())]
    Import { file: PathBuf, error: ImportError },
    #[error("{} holds no org", file.display())]
    Empty { file: PathBuf },
    #[error("{} holds an org already; --replace lets it go", file.display())]
    Held { file: PathBuf },
}

pub async fn export(options: Export) -> Result<(), TransferError> {
    let Export { data, output } = options;
    // Opening makes a file where there is none.
    fs::metadata(&data).map_err(|error| TransferError::Read { file: data.clone(), error })?;
    let (_, held) = DataFile::open(&data).await?;
    let held = held.ok_or_else(|| TransferError::Empty { file: data.clone() })?;
    let text = image::export(&held.state, held.clock.setting())
        .map_err(|error| TransferError::Read { file: data.clone(), error })?;
    let written = match &output {
        Some(file) => fs::write(file, text),
        None => io::stdout().write_all(text.as_bytes()),
    };
    let file = output.unwrap_or_else(|| Path::new("standard output").to_owned());
    written.map_err(|error| TransferError::Write { file, error })
}

pub async fn import(options: Import) -> Result<(), TransferError> {
    let Import { file, data, replace } = options;
    let text =
        fs::read_to_string(&file).map_err(|error| TransferError::Read { file: file.clone(), error })?;
    let imported = image::import(&text, loader()).map_err(|error| TransferError::Import { file, error })?;
    let (open, held) = DataFile::open(&data).await?;
    if held.is_some() && !replace {
        return Err(TransferError::Held { file: data });
    }
    Ok(open.put(&imported.state, &Clock::with(imported.clock)).await?)
}
