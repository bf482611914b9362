//! The run as text on a terminal: every scenario with its tags and result, and for each failure its story.

use std::fmt::Write as _;

use super::{Report, ScenarioResult, State};

/// One file's heading, printed above its scenarios.
#[must_use]
pub fn heading(scenario: &ScenarioResult) -> String {
    format!("\n{}  {}", scenario.case.file.display(), scenario.case.feature)
}

/// One scenario: one line when it passed, its whole story when it did not.
#[must_use]
pub fn scenario(scenario: &ScenarioResult) -> String {
    let result = if scenario.passed() { "  ok  " } else { " FAIL " };
    let mut text = format!("{result} {:>4}  {}", scenario.case.line, scenario.case.name);
    if !scenario.case.tags.is_empty() {
        let _ = write!(text, "  {}", scenario.case.tags.join(" "));
    }
    if !scenario.passed() {
        for reason in scenario.reasons() {
            text.push('\n');
            text.push_str(&indented(&reason, 8));
        }
        text.push_str(&story(scenario));
    }
    text
}

fn story(scenario: &ScenarioResult) -> String {
    let mut text = String::new();
    if scenario.steps.iter().all(|step| step.story.is_empty()) {
        return text;
    }
    text.push_str("\n        What happened, by the org's clock:");
    for step in scenario.steps.iter().filter(|step| step.state != State::NotReached) {
        let mark = if step.state == State::Passed { ' ' } else { '✗' };
        let _ = write!(text, "\n        {mark} {} (line {})", step.text, step.line);
        for line in &step.story {
            text.push('\n');
            text.push_str(&indented(&line.to_string(), 12));
        }
    }
    text
}

/// The last lines: the summary, then every failed scenario's place to open.
#[must_use]
pub fn summary(report: &Report) -> String {
    let mut text = format!("\n{}", report.summary());
    for scenario in report.scenarios.iter().filter(|scenario| !scenario.passed()) {
        let _ = write!(text, "\n  failed: {}  {}", scenario.case.place(), scenario.case.name);
    }
    text
}

fn indented(text: &str, by: usize) -> String {
    let indent = " ".repeat(by);
    text.lines().map(|line| format!("{indent}{line}")).collect::<Vec<_>>().join("\n")
}
