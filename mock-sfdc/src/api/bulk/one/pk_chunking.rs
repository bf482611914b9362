//! `Sforce-Enable-PKChunking: TRUE`, or `chunkSize=50000; parent=Account; startRow=00130000000xEftMGH`: a query is to be divided by the
//! primary key, that of shares and history by the records that they belong to.

use mock_sfdc_org::{error::Error, id::Id};

const DEFAULT: usize = 100_000;
const MOST: usize = 250_000;

/// How a job's query is to be divided, if it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Chunking {
    pub size: Option<usize>,
    pub start: Option<Id>,
    pub parent: Option<String>,
}

pub fn read(header: Option<&str>) -> Result<Chunking, Error> {
    let Some(text) = header else { return Ok(Chunking::default()) };
    let wrong = || Error::client_input(format!("Invalid value of Sforce-Enable-PKChunking: {text}"));
    let mut chunking = Chunking { size: Some(DEFAULT), ..Chunking::default() };
    for part in text.split(';').map(str::trim).filter(|part| !part.is_empty()) {
        match part.split_once('=').map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim())) {
            None if part.eq_ignore_ascii_case("true") => {}
            None if part.eq_ignore_ascii_case("false") => return Ok(Chunking::default()),
            Some((name, value)) if name == "chunksize" => {
                let size = value.parse().ok().filter(|size| (1..=MOST).contains(size));
                chunking.size = Some(size.ok_or_else(wrong)?);
            }
            Some((name, value)) if name == "startrow" => {
                // The guide's own example has a checksum that does not fit: the first fifteen characters say which row.
                let row = Id::parse(value).or_else(|| Id::parse(value.get(..15)?));
                chunking.start = Some(row.ok_or_else(wrong)?);
            }
            Some((name, value)) if name == "parent" && !value.is_empty() => {
                chunking.parent = Some(value.to_owned());
            }
            _ => return Err(wrong()),
        }
    }
    Ok(chunking)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_is_read() {
        let start = Id::parse("00130000000xEft");
        assert!(start.is_some());
        for (text, want) in [
            ("TRUE", Chunking { size: Some(100_000), ..Chunking::default() }),
            ("true", Chunking { size: Some(100_000), ..Chunking::default() }),
            ("FALSE", Chunking::default()),
            ("chunkSize=50000;", Chunking { size: Some(50_000), ..Chunking::default() }),
            (
                "chunkSize=500; startRow=00130000000xEftMGH",
                Chunking { size: Some(500), start, ..Chunking::default() },
            ),
            (
                "chunkSize=7; parent=Account",
                Chunking { size: Some(7), parent: Some("Account".to_owned()), ..Chunking::default() },
            ),
        ] {
            assert_eq!(read(Some(text)).unwrap(), want, "{text}");
        }
        for wrong in ["chunkSize=0", "chunkSize=250001", "chunkSize=x", "startRow=1", "maybe", "parent="] {
            assert!(read(Some(wrong)).is_err(), "{wrong}");
        }
    }
}
