//! The run as one HTML file without external assets: a summary, a filter, every scenario with its steps, and the story
//! of each failure. Opens from a mail attachment; follows the reader's light or dark setting.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{Report, ScenarioResult, State, StepResult};

const STYLE: &str = include_str!("report.css");
const SCRIPT: &str = include_str!("report.js");

#[must_use]
pub fn render(report: &Report) -> String {
    let (all, failed) = (report.scenarios.len(), report.failed());
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Scenarios: " (report.summary()) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    h1 { "Scenarios" }
                    p.summary { (report.summary()) }
                    div.bar role="img" aria-label=(report.summary()) {
                        div.passed style=(format!("flex-grow:{}", all - failed)) {}
                        div.failed style=(format!("flex-grow:{failed}")) {}
                    }
                    nav aria-label="Filter" {
                        button data-show="all" aria-pressed="true" { "All " (all) }
                        button data-show="failed" aria-pressed="false" { "Failed " (failed) }
                        button data-show="passed" aria-pressed="false" { "Passed " (all - failed) }
                        input type="search" placeholder="Name or tag" aria-label="Name or tag";
                    }
                }
                main {
                    @for feature in report.scenarios.chunk_by(|a, b| a.case.file == b.case.file) {
                        section {
                            h2 { (feature[0].case.feature) " " small { (feature[0].case.file.display()) } }
                            @for one in feature { (scenario(one)) }
                        }
                    }
                    p #nothing hidden { "No scenario fits the filter." }
                }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    page.into_string()
}

fn scenario(scenario: &ScenarioResult) -> Markup {
    let state = if scenario.passed() { "passed" } else { "failed" };
    html! {
        details.scenario data-state=(state) open[!scenario.passed()] {
            summary {
                span class={"mark " (state)} { @if scenario.passed() { "passed" } @else { "failed" } }
                span.name { (scenario.case.name) }
                @for tag in &scenario.case.tags { span.tag { (tag) } }
                span.time { (format!("{:.2} s", scenario.took.as_secs_f64())) }
            }
            @for reason in scenario.reasons() { pre.reason { (reason) } }
            ol.steps { @for one in &scenario.steps { (step(one, !scenario.passed())) } }
        }
    }
}

fn step(step: &StepResult, with_story: bool) -> Markup {
    let state = match step.state {
        State::Passed => "passed",
        State::NotReached => "skipped",
        State::Failed(_) | State::Undefined(_) | State::Ambiguous(_) => "failed",
    };
    html! {
        li class=(state) {
            span.text { (step.text) } " " small { "line " (step.line) }
            @if !step.table.is_empty() {
                table.data { @for row in &step.table { tr { @for cell in row { td { (cell) } } } } }
            }
            @if let Some(text) = &step.docstring { pre { (text.trim()) } }
            @if with_story && !step.story.is_empty() {
                table.story {
                    @for line in &step.story {
                        tr class=(line.source.label()) {
                            td.at { (crate::story::moment(line.at)) }
                            td.source { (line.source.label()) }
                            td { (line.text) }
                        }
                    }
                }
            }
        }
    }
}
