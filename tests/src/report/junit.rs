//! The run as JUnit XML, the form that build servers read: one suite a feature file, one test case a scenario.

use std::fmt::Write as _;

use super::{Report, ScenarioResult};

#[must_use]
pub fn render(report: &Report) -> String {
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(
        xml,
        "<testsuites name=\"scenarios\" tests=\"{}\" failures=\"{}\" time=\"{:.3}\">",
        report.scenarios.len(),
        report.failed(),
        report.took.as_secs_f64()
    );
    for suite in report.scenarios.chunk_by(|a, b| a.case.file == b.case.file) {
        let failures = suite.iter().filter(|scenario| !scenario.passed()).count();
        let time: f64 = suite.iter().map(|scenario| scenario.took.as_secs_f64()).sum();
        let _ = writeln!(
            xml,
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{failures}\" time=\"{time:.3}\">",
            escaped(&suite[0].case.feature),
            suite.len()
        );
        for scenario in suite {
            test_case(&mut xml, scenario);
        }
        xml.push_str("  </testsuite>\n");
    }
    xml.push_str("</testsuites>\n");
    xml
}

fn test_case(xml: &mut String, scenario: &ScenarioResult) {
    let _ = write!(
        xml,
        "    <testcase classname=\"{}\" name=\"{}\" file=\"{}\" line=\"{}\" time=\"{:.3}\"",
        escaped(&scenario.case.feature),
        escaped(&scenario.case.name),
        escaped(&scenario.case.file.display().to_string()),
        scenario.case.line,
        scenario.took.as_secs_f64()
    );
    if scenario.passed() {
        xml.push_str("/>\n");
        return;
    }
    let reasons = scenario.reasons();
    let first = reasons.first().and_then(|reason| reason.lines().nth(1)).unwrap_or("failed");
    let _ = writeln!(
        xml,
        ">\n      <failure message=\"{}\">{}</failure>",
        escaped(first),
        escaped(&reasons.join("\n\n"))
    );
    let story: Vec<String> =
        scenario.steps.iter().flat_map(|step| &step.story).map(ToString::to_string).collect();
    if !story.is_empty() {
        let _ = writeln!(xml, "      <system-out>{}</system-out>", escaped(&story.join("\n")));
    }
    xml.push_str("    </testcase>\n");
}

/// Characters that XML 1.0 has no place for at all are shown as `?`.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\t' => out.push('\t'),
            c if c.is_control() => out.push('?'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn no_character_breaks_the_xml() {
        assert_eq!(super::escaped("a<b>&\"c\"\u{1b}[0m\nd"), "a&lt;b&gt;&amp;&quot;c&quot;?[0m&#10;d");
    }
}
