//! What of an answer is compared: everything, but ids, moments, tokens and the like by their shape only.

use std::sync::LazyLock;

use regex::Regex;

/// What stands for a value that no two orgs share, and how it looks.
static SHAPES: LazyLock<Vec<(Regex, &'static str)>> = LazyLock::new(|| {
    let shapes = [
        (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:?00)", "<moment>"),
        // Locators: an id, or today's opaque form, and the offset that clients read off.
        (r"/query/[0-9A-Za-z]{15,18}-(\d+)", "/query/<locator>-$1"),
        (r"\b[a-zA-Z0-9]{3}[a-zA-Z0-9]{12}[A-Z0-5]{3}\b", "<id>"),
        // A record without a name is named by its id.
        (r#""Name":"a[0-9a-zA-Z]{14}""#, r#""Name":"<id>""#),
        (r"\b75[0-2][a-zA-Z0-9]{12}\b", "<id>"),
        (r"(ProcessingTime>)\d+<", "$1<time><"),
        (r"api-usage=\d+/\d+", "api-usage=<count>"),
    ];
    shapes.into_iter().map(|(pattern, name)| (Regex::new(pattern).unwrap(), name)).collect()
});

pub fn shaped(text: &str) -> String {
    let mut text = text.to_owned();
    for (pattern, name) in SHAPES.iter() {
        text = pattern.replace_all(&text, *name).into_owned();
    }
    text
}

/// The headers that say something of the answer; the others are those of Salesforce's edge at the time.
pub const COMPARED: [&str; 4] = ["content-type", "location", "sforce-limit-info", "www-authenticate"];
