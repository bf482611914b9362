//! How fast asynchronous work goes: as a test wants it. Salesforce's own pace is anybody's guess.

/// When the batches of a job move on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(tag = "pace", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Progress {
    /// Done before the request that completes them is answered.
    #[default]
    AtOnce,
    /// Under way after half of this time of the org's clock, done after all of it.
    After { millis: u32 },
    /// So many questions how it goes find them unfinished: the first one queued, the others under way.
    Polls { polls: u32 },
    /// Whoever tests moves them: [`super::advance`].
    ByHand,
}
