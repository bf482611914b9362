//! Randomness, injected: from the operating system in production, from a seed in a scenario that must repeat.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::rngs::{ChaCha20Rng, SysRng};
use rand::{Rng, RngExt, SeedableRng};

/// A shared source of random bytes that is fit for secrets. Clones draw from the same stream.
#[derive(Clone)]
pub struct Random(Arc<Mutex<ChaCha20Rng>>);

impl Random {
    /// Seeded by the operating system.
    pub fn from_os() -> Result<Self, RandomError> {
        let rng = ChaCha20Rng::try_from_rng(&mut SysRng).map_err(|error| RandomError(error.to_string()))?;
        Ok(Self(Arc::new(Mutex::new(rng))))
    }

    /// The same sequence for the same seed: for tests only, since whoever knows the seed knows the secrets.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(ChaCha20Rng::seed_from_u64(seed))))
    }

    #[must_use]
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.draw(|rng| rng.fill_bytes(&mut bytes));
        bytes
    }

    /// 43 characters of base64url that carry 256 random bits: a `state`, a PKCE verifier, an API token.
    #[must_use]
    pub fn token(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.bytes::<32>())
    }

    /// A number from 0 (included) to 1 (excluded).
    #[must_use]
    pub fn unit(&self) -> f64 {
        self.draw(RngExt::random)
    }

    fn draw<T>(&self, draw: impl FnOnce(&mut ChaCha20Rng) -> T) -> T {
        draw(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl fmt::Debug for Random {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Random(..)")
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the operating system gives no random numbers: {0}")]
pub struct RandomError(String);
