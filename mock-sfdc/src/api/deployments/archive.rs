//! The archives of the Metadata API: zip files, deflated or stored. What an upload unpacks to is bounded, whatever it claims.

use std::io::{Cursor, Read, Write};

use mock_sfdc_metadata::Files;
use mock_sfdc_org::error::Error;
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

/// Salesforce's own limits: 39 MB packed, 10,000 files, and some 400 MB of them unpacked.
const MOST_PACKED: usize = 39 << 20;
const MOST_FILES: usize = 10_000;
const MOST_BYTES: u64 = 400 << 20;

/// The files of an archive.
pub fn unpack(bytes: &[u8]) -> Result<Files, Error> {
    let bad = |why: String| Error::bad_archive(&why);
    if bytes.len() > MOST_PACKED {
        return Err(bad(format!("{} bytes, {MOST_PACKED} are allowed", bytes.len())));
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| bad(error.to_string()))?;
    if archive.len() > MOST_FILES {
        return Err(bad(format!("{} files, {MOST_FILES} are allowed", archive.len())));
    }
    let mut files = Files::new();
    let mut left = MOST_BYTES;
    for at in 0..archive.len() {
        let file = archive.by_index(at).map_err(|error| bad(error.to_string()))?;
        if file.is_dir() {
            continue;
        }
        let name = file.name().map_err(|error| bad(error.to_string()))?.replace('\\', "/");
        let mut content = Vec::new();
        file.take(left + 1).read_to_end(&mut content).map_err(|error| bad(format!("{name}: {error}")))?;
        let length = u64::try_from(content.len()).unwrap_or(u64::MAX);
        if length > left {
            return Err(bad(format!("it unpacks to more than {MOST_BYTES} bytes")));
        }
        left -= length;
        files.insert(name, content);
    }
    Ok(files)
}

/// An archive of these files, in the order of their paths.
pub fn pack<'a>(files: impl Iterator<Item = (String, &'a str)>) -> Result<Vec<u8>, Error> {
    let failed = |error: &dyn std::fmt::Display| Error::unknown_exception(&error.to_string());
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, content) in files {
        archive.start_file(path, SimpleFileOptions::default()).map_err(|error| failed(&error))?;
        archive.write_all(content.as_bytes()).map_err(|error| failed(&error))?;
    }
    archive.finish().map(Cursor::into_inner).map_err(|error| failed(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_unpacks() {
        let files = [("unpackaged/a.xml".to_owned(), "<a/>"), ("unpackaged/package.xml".to_owned(), "ü")];
        let read = unpack(&pack(files.clone().into_iter()).unwrap()).unwrap();
        for (path, content) in files {
            assert_eq!(read[&path], content.as_bytes());
        }
        assert!(unpack(&vec![0; MOST_PACKED + 1]).unwrap_err().message.contains("40894464 are allowed"));
        assert_eq!(unpack(b"no zip").unwrap_err().code.as_str(), "INVALID_OPERATION");
    }
}
