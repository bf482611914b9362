//! The result of a run, before anybody renders it. The renderers stand beside this file, one each.

pub mod console;
pub mod html;
pub mod junit;

use std::time::Duration;

use crate::failure::Failure;
use crate::features::Case;
use crate::story::Line;

/// All scenarios of a run, in the order of files and lines.
#[derive(Debug, Default)]
pub struct Report {
    pub scenarios: Vec<ScenarioResult>,
    pub took: Duration,
}

/// One scenario and what became of it.
#[derive(Debug)]
pub struct ScenarioResult {
    pub case: Case,
    pub steps: Vec<StepResult>,
    /// What went wrong outside the steps: the world could not be built, or something was left over at the end.
    pub outside: Option<Failure>,
    pub took: Duration,
}

/// One step and what became of it.
#[derive(Debug)]
pub struct StepResult {
    pub text: String,
    pub line: usize,
    pub table: Vec<Vec<String>>,
    pub docstring: Option<String>,
    pub state: State,
    /// What happened on the wire, in the org and in the product during this step.
    pub story: Vec<Line>,
}

/// What became of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    Passed,
    Failed(Failure),
    /// No such step; what it may have been meant to be.
    Undefined(Vec<String>),
    /// Several steps fit; which ones.
    Ambiguous(Vec<String>),
    NotReached,
}

impl ScenarioResult {
    /// A scenario without steps has shown nothing, so it has not passed.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.outside.is_none()
            && !self.steps.is_empty()
            && self.steps.iter().all(|step| step.state == State::Passed)
    }

    /// Why it did not pass, as blocks of text that each begin with their place.
    #[must_use]
    pub fn reasons(&self) -> Vec<String> {
        let mut reasons: Vec<String> = self.steps.iter().filter_map(|step| self.reason(step)).collect();
        if let Some(failure) = &self.outside {
            reasons.push(format!("{}: outside the steps\n{failure}", self.case.place()));
        }
        if self.steps.is_empty() {
            reasons.push(format!("{}: the scenario has no steps, so it shows nothing", self.case.place()));
        }
        reasons
    }

    fn reason(&self, step: &StepResult) -> Option<String> {
        let why = match &step.state {
            State::Passed | State::NotReached => return None,
            State::Failed(failure) => failure.to_string(),
            State::Undefined(near) if near.is_empty() => {
                "there is no such step. All steps are listed in features/STEPS.md".to_owned()
            }
            State::Undefined(near) => {
                format!("there is no such step. Did you mean:\n  {}", near.join("\n  "))
            }
            State::Ambiguous(rows) => format!("several steps fit, so none was run:\n  {}", rows.join("\n  ")),
        };
        Some(format!("{}:{}: {}\n{why}", self.case.file.display(), step.line, step.text))
    }
}

impl Report {
    #[must_use]
    pub fn failed(&self) -> usize {
        self.scenarios.iter().filter(|scenario| !scenario.passed()).count()
    }

    /// "12 scenarios: 11 passed, 1 failed; 140 steps; 3.2 s"
    #[must_use]
    pub fn summary(&self) -> String {
        let (all, failed) = (self.scenarios.len(), self.failed());
        let steps: usize = self.scenarios.iter().map(|scenario| scenario.steps.len()).sum();
        let plural = if all == 1 { "scenario" } else { "scenarios" };
        format!(
            "{all} {plural}: {} passed, {failed} failed; {steps} steps; {:.1} s",
            all - failed,
            self.took.as_secs_f32()
        )
    }
}
