//! The files of a project, from a folder or from anywhere else: a deployment's archive is the same map.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

/// A file larger than this is no metadata that the org reads.
const LARGEST: u64 = 32 << 20;
/// Folders below folders, links that lead round in circles included.
const DEEPEST: usize = 24;
const MOST_FILES: usize = 100_000;

/// Paths with `/`, below the folder that was named, and what stands in them.
pub type Files = BTreeMap<String, Vec<u8>>;

/// Why a folder could not be read.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    #[error("cannot read {}: {error}", path.display())]
    Unreadable { path: PathBuf, error: io::Error },
    #[error("{}: more than {MOST_FILES} files, or folders nested deeper than {DEEPEST}", path.display())]
    TooMuch { path: PathBuf },
}

/// Folders that hold no metadata of an org, whatever is in them.
const SKIPPED: &[&str] = &["node_modules", "target", "__tests__", "staticresources"];

/// Reads all that may be metadata in a folder: XML, and a project's own `sfdx-project.json`. A describe is a `.json` file.
/// What else is there is noted by its path alone, so that it can be named.
pub fn read_folder(folder: &Path) -> Result<Files, FolderError> {
    let mut files = Files::new();
    if folder.is_file() {
        let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let bytes =
            fs::read(folder).map_err(|error| FolderError::Unreadable { path: folder.into(), error })?;
        files.insert(name, bytes);
        return Ok(files);
    }
    walk(folder, folder, 0, &mut files)?;
    Ok(files)
}

fn walk(root: &Path, folder: &Path, depth: usize, files: &mut Files) -> Result<(), FolderError> {
    let unreadable = |path: &Path, error| FolderError::Unreadable { path: path.into(), error };
    if depth > DEEPEST || files.len() > MOST_FILES {
        return Err(FolderError::TooMuch { path: root.into() });
    }
    let entries = fs::read_dir(folder).map_err(|error| unreadable(folder, error))?;
    for entry in entries {
        let entry = entry.map_err(|error| unreadable(folder, error))?;
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        let about = fs::metadata(&path).map_err(|error| unreadable(&path, error))?;
        if about.is_dir() {
            if !name.starts_with('.') && !SKIPPED.contains(&name.as_str()) {
                walk(root, &path, depth + 1, files)?;
            }
            continue;
        }
        let below: Vec<String> = path
            .strip_prefix(root)
            .unwrap_or(&path)
            .components()
            .map(|part| part.as_os_str().to_string_lossy().into_owned())
            .collect();
        let below = below.join("/");
        let wanted = about.len() <= LARGEST && is_read(&below);
        let bytes =
            if wanted { fs::read(&path).map_err(|error| unreadable(&path, error))? } else { Vec::new() };
        files.insert(below, bytes);
    }
    Ok(())
}

/// The files of a folder, by their paths below it.
pub(crate) fn without_folder(files: &Files, folder: &str) -> Files {
    let below =
        |(path, bytes): (&String, &Vec<u8>)| Some((path.strip_prefix(folder)?.to_owned(), bytes.clone()));
    files.iter().filter_map(below).collect()
}

/// Whether a path ends in this extension.
pub(crate) fn is_kind(path: &str, extension: &str) -> bool {
    Path::new(path).extension().is_some_and(|found| found.eq_ignore_ascii_case(extension))
}

/// Whether the file's content can matter; of others only the path is kept.
fn is_read(path: &str) -> bool {
    is_kind(path, "xml") || is_kind(path, "json") || crate::source::is_old_form(path)
}
