//! What a scenario stands on: one clock, one org, one engine, all its own.

use mock_sfdc_org as _;

use crate::failure::Outcome;
use crate::features::Case;
use crate::story::Line;

/// One scenario's world.
#[derive(Debug)]
pub struct World {
    /// Milliseconds since 1970.
    pub now: i64,
}

impl World {
    /// A world for this case; its tags may ask for something special.
    pub async fn build(_case: &Case) -> Result<Self, crate::failure::Failure> {
        Ok(Self { now: 0 })
    }

    /// What happened since it was last asked.
    pub async fn story(&mut self) -> Vec<Line> {
        Vec::new()
    }

    /// Ends a world whose scenario failed: nothing is checked any more.
    pub async fn abandon(self) {}

    /// Ends the world and complains about what was left over.
    pub async fn close(self) -> Outcome {
        Ok(())
    }
}
