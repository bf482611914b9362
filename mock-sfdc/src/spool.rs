//! What is too large for memory: uploads to the Bulk APIs and what became of their records. A spool holds the last few thousand of
//! its bytes itself and the rest in blocks of a file, which all spools of a server share. The file has no name: it is gone with the
//! process, whatever ends it. Blocks are free again when their spool is dropped, and the file is cut when all of them are.

use std::{
    fmt,
    fs::File,
    io::{self, Read, Seek, SeekFrom, Write},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use mock_sfdc_org::bulk::Store;

/// What a spool holds in memory is less than this.
pub const BLOCK: usize = 32 * 1024;

/// The spools of a server.
#[derive(Debug, Default)]
pub struct Spools(Mutex<Blocks>);

/// The file, made when it is needed first.
#[derive(Debug, Default)]
struct Blocks {
    file: Option<File>,
    free: Vec<u32>,
    made: u32,
}

/// Bytes that are added to at their end and read anywhere.
pub struct Spool {
    all: Arc<Spools>,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    blocks: Vec<u32>,
    /// What fills no block yet.
    rest: Vec<u8>,
}

/// A place to read a spool from, on and on.
#[derive(Debug)]
pub struct Reader<'a> {
    spool: &'a dyn Store,
    at: u64,
}

fn place(block: u32) -> u64 {
    u64::from(block) * BLOCK as u64
}

impl Blocks {
    fn file(&mut self) -> io::Result<&mut File> {
        match &mut self.file {
            Some(file) => Ok(file),
            none => Ok(none.insert(tempfile::tempfile()?)),
        }
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<u32> {
        let block = self.free.last().copied().unwrap_or(self.made);
        let file = self.file()?;
        file.seek(SeekFrom::Start(place(block)))?;
        file.write_all(bytes)?;
        if self.free.pop().is_none() {
            self.made += 1;
        }
        Ok(block)
    }

    fn read(&mut self, block: u32, from: usize, most: usize, into: &mut Vec<u8>) -> io::Result<()> {
        let file = self.file()?;
        file.seek(SeekFrom::Start(place(block) + from as u64))?;
        let read = file.take(most as u64).read_to_end(into)?;
        if read == most { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
    }

    fn give_back(&mut self, blocks: &[u32]) {
        self.free.extend_from_slice(blocks);
        if self.made > 0 && self.free.len() == self.made as usize {
            // What cannot be cut is written over.
            let _ = self.file.as_mut().map(|file| file.set_len(0));
            self.free.clear();
            self.made = 0;
        }
    }
}

impl Spools {
    fn blocks(&self) -> MutexGuard<'_, Blocks> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many bytes of the file are in use.
    #[must_use]
    pub fn in_file(&self) -> u64 {
        let blocks = self.blocks();
        place(blocks.made) - blocks.free.len() as u64 * BLOCK as u64
    }

    /// An empty one.
    #[must_use]
    pub fn spool(self: &Arc<Self>) -> Spool {
        Spool { all: Arc::clone(self), kept: Mutex::default() }
    }

    /// One that holds these bytes.
    pub fn holding(self: &Arc<Self>, bytes: &[u8]) -> io::Result<Spool> {
        let spool = self.spool();
        spool.add(bytes)?;
        Ok(spool)
    }
}

impl Spool {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Its first bytes.
    pub fn head(&self, most: usize) -> io::Result<Vec<u8>> {
        let mut head = Vec::new();
        self.read(0, most, &mut head)?;
        Ok(head)
    }
}

impl Kept {
    fn size(&self) -> u64 {
        self.blocks.len() as u64 * BLOCK as u64 + self.rest.len() as u64
    }
}

impl Store for Spool {
    fn size(&self) -> u64 {
        self.kept().size()
    }

    fn add(&self, bytes: &[u8]) -> io::Result<u64> {
        let mut kept = self.kept();
        let (at, mut bytes) = (kept.size(), bytes);
        while !bytes.is_empty() {
            let (now, later) = bytes.split_at(bytes.len().min(BLOCK - kept.rest.len()));
            kept.rest.extend_from_slice(now);
            bytes = later;
            if kept.rest.len() == BLOCK {
                let block = self.all.blocks().write(&kept.rest)?;
                kept.blocks.push(block);
                kept.rest.clear();
            }
        }
        Ok(at)
    }

    fn read(&self, at: u64, most: usize, into: &mut Vec<u8>) -> io::Result<()> {
        let kept = self.kept();
        let Ok(mut at) = usize::try_from(at) else { return Ok(()) };
        let mut left = most;
        while left > 0 {
            let from = at % BLOCK;
            let now = if let Some(block) = kept.blocks.get(at / BLOCK) {
                let now = left.min(BLOCK - from);
                self.all.blocks().read(*block, from, now, into)?;
                now
            } else {
                let rest = if at / BLOCK == kept.blocks.len() { kept.rest.get(from..) } else { None };
                let rest = rest.unwrap_or_default();
                let now = left.min(rest.len());
                into.extend_from_slice(&rest[..now]);
                left = now;
                now
            };
            at += now;
            left -= now;
        }
        Ok(())
    }
}

impl Drop for Spool {
    fn drop(&mut self) {
        let blocks = std::mem::take(&mut self.kept().blocks);
        self.all.blocks().give_back(&blocks);
    }
}

impl fmt::Debug for Spool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Spool").field(&self.size()).finish()
    }
}

/// Adds at its end.
impl Write for &Spool {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.add(bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> Reader<'a> {
    #[must_use]
    pub fn new(spool: &'a dyn Store) -> Self {
        Self { spool, at: 0 }
    }
}

impl Read for Reader<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut bytes = Vec::new();
        self.spool.read(self.at, into.len(), &mut bytes)?;
        into[..bytes.len()].copy_from_slice(&bytes);
        self.at += bytes.len() as u64;
        Ok(bytes.len())
    }
}

/// What stands from there on, piece by piece.
pub fn pieces(store: Arc<dyn Store>, from: u64) -> impl Iterator<Item = io::Result<Vec<u8>>> + Send {
    let places = (from..store.size()).step_by(BLOCK);
    places.map(move |at| {
        let mut piece = Vec::with_capacity(BLOCK);
        store.read(at, BLOCK, &mut piece)?;
        Ok(piece)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(spool: &Spool) -> Vec<u8> {
        spool.head(usize::MAX).unwrap()
    }

    #[test]
    fn bytes_come_back_from_wherever_they_are() {
        let spools = Arc::new(Spools::default());
        let bytes = (0..5 * BLOCK + 17).map(|at| u8::try_from(at % 251).unwrap()).collect::<Vec<_>>();
        let spool = spools.spool();
        let other = spools.holding(&vec![7; BLOCK]).unwrap();
        for piece in bytes.chunks(BLOCK / 3) {
            let at = spool.add(piece).unwrap();
            assert_eq!(at + piece.len() as u64, spool.size());
        }
        assert_eq!(all(&spool), bytes);
        assert_eq!(all(&other), vec![7; BLOCK]);
        for (at, most) in [(0, 1), (BLOCK - 1, 2), (BLOCK, BLOCK), (5 * BLOCK + 10, 100), (6 * BLOCK, 1)] {
            let mut found = b"before".to_vec();
            spool.read(at as u64, most, &mut found).unwrap();
            let end = (at + most).min(bytes.len());
            assert_eq!(found[6..], bytes[at.min(end)..end], "{at}");
        }
    }

    #[test]
    fn what_nobody_holds_is_gone() {
        let spools = Arc::new(Spools::default());
        let kept = spools.holding(&vec![1; 3 * BLOCK + 1]).unwrap();
        let gone = spools.holding(&vec![2; 2 * BLOCK]).unwrap();
        assert_eq!(spools.in_file(), 5 * BLOCK as u64);
        drop(gone);
        let again = spools.holding(&vec![3; 2 * BLOCK]).unwrap();
        assert_eq!(spools.in_file(), 5 * BLOCK as u64, "blocks are used again");
        assert_eq!((all(&kept), all(&again)), (vec![1; 3 * BLOCK + 1], vec![3; 2 * BLOCK]));
        drop((kept, again));
        assert_eq!(spools.in_file(), 0);
    }
}
