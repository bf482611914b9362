//! Feature files, read and laid out flat: one [`Case`] per scenario, outlines expanded, backgrounds in front.
//!
//! Parsing, the expansion of examples and the language of tag expressions are those of the `gherkin` and `cucumber`
//! crates; nothing here runs a step.

use std::path::{Path, PathBuf};

use cucumber::feature::Ext as _;
use cucumber::tag::Ext as _;
use gherkin::tagexpr::TagOperation;

/// One scenario, ready to run.
#[derive(Debug, Clone)]
pub struct Case {
    pub file: PathBuf,
    pub feature: String,
    pub name: String,
    pub line: usize,
    /// With their `@`, those of feature, rule, scenario and examples together.
    pub tags: Vec<String>,
    pub steps: Vec<gherkin::Step>,
    /// The values of its row, when it comes from an outline.
    row: Vec<String>,
}

impl Case {
    /// `features/x.feature:12`, the form that editors open.
    #[must_use]
    pub fn place(&self) -> String {
        format!("{}:{}", self.file.display(), self.line)
    }
}

/// Why feature files could not be read.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    #[error("{}: no such file or folder", .0.display())]
    Missing(PathBuf),
    #[error("{}: {source}", .path.display())]
    Unreadable { path: PathBuf, source: std::io::Error },
    #[error("{}: not valid Gherkin: {message}", .path.display())]
    Syntax { path: PathBuf, message: String },
    #[error("\"{0}\" is no tag expression. Write for instance: @RR-07 and not @survival")]
    Tags(String),
}

/// Which cases are wanted.
#[derive(Debug, Default)]
pub struct Filter {
    tags: Option<TagOperation>,
    name: Option<String>,
}

impl Filter {
    /// `tags`: a tag expression (`@RR-07 and not @survival`); `name`: part of a scenario's or feature's name, case ignored.
    pub fn new(tags: Option<&str>, name: Option<&str>) -> Result<Self, LoadError> {
        let parse = |text: &str| text.parse().map_err(|_| LoadError::Tags(text.to_owned()));
        Ok(Self { tags: tags.map(parse).transpose()?, name: name.map(str::to_lowercase) })
    }

    #[must_use]
    pub fn keeps(&self, case: &Case) -> bool {
        let bare = case.tags.iter().map(|tag| tag.trim_start_matches('@'));
        let tags = self.tags.as_ref().is_none_or(|wanted| wanted.eval(bare));
        let has = |text: &str, part: &String| text.to_lowercase().contains(part);
        tags && self.name.as_ref().is_none_or(|part| has(&case.name, part) || has(&case.feature, part))
    }
}

/// All cases of the given files and folders, in the order of paths and lines.
pub fn load(paths: &[PathBuf]) -> Result<Vec<Case>, LoadError> {
    let mut files = Vec::new();
    for path in paths {
        if !path.exists() {
            return Err(LoadError::Missing(path.clone()));
        }
        collect(path, &mut files)?;
    }
    files.sort();
    files.dedup();
    let mut cases = Vec::new();
    for file in files {
        cases.extend(parse(&file)?);
    }
    Ok(cases)
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<(), LoadError> {
    if path.is_file() {
        files.push(path.to_path_buf());
        return Ok(());
    }
    let unreadable = |source| LoadError::Unreadable { path: path.to_path_buf(), source };
    for entry in std::fs::read_dir(path).map_err(unreadable)? {
        let inside = entry.map_err(unreadable)?.path();
        if inside.is_dir() || inside.extension().is_some_and(|ending| ending == "feature") {
            collect(&inside, files)?;
        }
    }
    Ok(())
}

fn parse(file: &Path) -> Result<Vec<Case>, LoadError> {
    let syntax = |message: String| LoadError::Syntax { path: file.to_path_buf(), message };
    let feature = gherkin::Feature::parse_path(file, gherkin::GherkinEnv::default()).map_err(|e| {
        let detail = std::error::Error::source(&e).map(ToString::to_string);
        syntax(detail.unwrap_or_else(|| e.to_string()))
    })?;
    stray_line(&feature).map_or(Ok(()), |(line, text)| {
        Err(syntax(format!(
            "line {line}: `{text}` is no step. Begin with Given, When, Then, And or But; a comment begins with #; \
             descriptions stand under Feature and Rule"
        )))
    })?;
    let feature = feature.expand_examples().map_err(|e| syntax(e.to_string()))?;
    let background =
        |of: &Option<gherkin::Background>| of.iter().flat_map(|b| b.steps.clone()).collect::<Vec<_>>();
    let shared = background(&feature.background);
    let mut cases: Vec<Case> =
        feature.scenarios.iter().map(|scenario| case(file, &feature, &[], &shared, scenario)).collect();
    for rule in &feature.rules {
        let shared: Vec<_> = shared.iter().cloned().chain(background(&rule.background)).collect();
        cases.extend(
            rule.scenarios.iter().map(|scenario| case(file, &feature, &rule.tags, &shared, scenario)),
        );
    }
    cases.sort_by_key(|case| case.line);
    tell_apart(&mut cases);
    Ok(cases)
}

/// Gherkin takes a line that begins with no keyword for a description. In a scenario that is a mistyped step, and
/// nothing would ever say that it did not run.
fn stray_line(feature: &gherkin::Feature) -> Option<(usize, String)> {
    let backgrounds =
        feature.background.iter().chain(feature.rules.iter().filter_map(|rule| rule.background.as_ref()));
    let backgrounds = backgrounds.map(|b| (b.position.line, &b.description));
    let scenarios = feature.scenarios.iter().chain(feature.rules.iter().flat_map(|rule| &rule.scenarios));
    let mut places = backgrounds.chain(scenarios.map(|s| (s.position.line, &s.description)));
    places.find_map(|(line, text)| {
        let first = text.as_ref()?.lines().map(str::trim).find(|line| !line.is_empty())?;
        Some((line + 1, first.to_owned()))
    })
}

fn case(
    file: &Path,
    feature: &gherkin::Feature,
    rule_tags: &[String],
    shared: &[gherkin::Step],
    scenario: &gherkin::Scenario,
) -> Case {
    let mut tags: Vec<String> = Vec::new();
    for tag in feature.tags.iter().chain(rule_tags).chain(&scenario.tags) {
        let tag = format!("@{}", tag.trim_start_matches('@'));
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    let row = scenario.examples.first().and_then(|e| e.table.as_ref()).and_then(|table| table.rows.get(1));
    Case {
        file: file.to_path_buf(),
        feature: feature.name.clone(),
        name: scenario.name.clone(),
        row: row.cloned().unwrap_or_default(),
        line: scenario.position.line,
        tags,
        steps: shared.iter().chain(&scenario.steps).cloned().collect(),
    }
}

/// The rows of an outline need different names; where the name does not tell them apart, the row's values do.
fn tell_apart(cases: &mut [Case]) {
    let names: Vec<String> = cases.iter().map(|case| case.name.clone()).collect();
    for case in cases.iter_mut().filter(|case| !case.row.is_empty()) {
        if names.iter().filter(|name| **name == case.name).count() > 1 {
            case.name = format!("{} [{}]", case.name, case.row.join(", "));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cases(text: &str) -> Vec<Case> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.feature"), text).unwrap();
        load(&[folder.path().to_path_buf()]).unwrap()
    }

    const OUTLINE: &str = "@one\nFeature: F\n  Background:\n    Given b\n\n  @two\n  Scenario Outline: O\n    When <x> y\n\n    Examples:\n      | x |\n      | 1 |\n      | 2 |\n\n  Scenario: plain\n    Then z\n";

    #[test]
    fn an_outline_makes_one_case_a_row_with_the_background_in_front() {
        let cases = cases(OUTLINE);
        let names: Vec<_> = cases.iter().map(|c| (c.name.as_str(), c.line)).collect();
        assert_eq!(names, [("O [1]", 12), ("O [2]", 13), ("plain", 15)]);
        let steps: Vec<_> = cases[1].steps.iter().map(|s| s.value.as_str()).collect();
        assert_eq!(steps, ["b", "2 y"]);
        assert_eq!(cases[1].tags, ["@one", "@two"]);
    }

    #[test]
    fn tags_and_names_filter() {
        let cases = cases(OUTLINE);
        for (tags, name, left) in [
            (Some("@one and @two"), None, 2),
            (Some("not @two"), None, 1),
            (None, Some("PLAIN"), 1),
            (Some("@three"), None, 0),
        ] {
            let filter = Filter::new(tags, name).unwrap();
            assert_eq!(cases.iter().filter(|c| filter.keeps(c)).count(), left, "{tags:?} {name:?}");
        }
        assert!(Filter::new(Some("and and"), None).is_err());
    }

    #[test]
    fn a_mistake_in_a_file_is_reported_with_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("bad.feature");
        std::fs::write(&file, "Feature: F\n  Scenario: S\n    Whenever x\n").unwrap();
        let error = load(&[file]).unwrap_err().to_string();
        assert!(error.contains("bad.feature") && error.contains('3'), "{error}");
    }
}
