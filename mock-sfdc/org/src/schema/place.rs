//! Where a mistake stands in a JSON text: from a position to the path of keys, and back. The text need not
//! be valid JSON: the scan stops where it can no longer follow.

/// Walks over the tokens of a JSON text, keeping the path of the place.
struct Walk<'a> {
    bytes: &'a [u8],
    at: usize,
    path: Vec<Step>,
}

enum Step {
    Key(String),
    Index(usize),
}

impl<'a> Walk<'a> {
    fn new(text: &'a str) -> Self {
        Self { bytes: text.as_bytes(), at: 0, path: Vec::new() }
    }

    /// Reads on until `stop` says so. It is asked after each key and each value, with the path of that
    /// place, the offset where the key or value began, and the offset after it.
    fn until(&mut self, stop: &mut impl FnMut(&[Step], usize, usize) -> bool) -> bool {
        self.space();
        let began = self.at;
        let stopped = match self.bytes.get(self.at) {
            Some(b'{') => self.members(stop),
            Some(b'[') => self.items(stop),
            Some(b'"') => {
                self.string();
                false
            }
            Some(_) => {
                while self.bytes.get(self.at).is_some_and(|b| !b",]} \t\r\n".contains(b)) {
                    self.at += 1;
                }
                false
            }
            None => return true,
        };
        stopped || stop(&self.path, began, self.at)
    }

    fn members(&mut self, stop: &mut impl FnMut(&[Step], usize, usize) -> bool) -> bool {
        self.at += 1;
        loop {
            self.space();
            match self.bytes.get(self.at) {
                Some(b'"') => {}
                Some(b',') => {
                    self.at += 1;
                    continue;
                }
                Some(b'}') => {
                    self.at += 1;
                    return false;
                }
                _ => return true,
            }
            let began = self.at;
            let key = self.string();
            self.path.push(Step::Key(key));
            if stop(&self.path, began, self.at) {
                return true;
            }
            self.space();
            if self.bytes.get(self.at) != Some(&b':') {
                return true;
            }
            self.at += 1;
            if self.until(stop) {
                return true;
            }
            self.path.pop();
        }
    }

    fn items(&mut self, stop: &mut impl FnMut(&[Step], usize, usize) -> bool) -> bool {
        self.at += 1;
        for index in 0.. {
            self.space();
            if self.bytes.get(self.at) == Some(&b',') {
                self.at += 1;
                self.space();
            }
            if self.bytes.get(self.at) == Some(&b']') {
                self.at += 1;
                return false;
            }
            self.path.push(Step::Index(index));
            if self.until(stop) {
                return true;
            }
            self.path.pop();
        }
        false
    }

    fn space(&mut self) {
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
    }

    fn string(&mut self) -> String {
        let began = self.at + 1;
        self.at = began;
        while let Some(byte) = self.bytes.get(self.at) {
            match byte {
                b'\\' => self.at += 2,
                b'"' => break,
                _ => self.at += 1,
            }
        }
        let end = self.at.min(self.bytes.len());
        self.at = (end + 1).min(self.bytes.len());
        String::from_utf8_lossy(&self.bytes[began..end]).into_owned()
    }
}

/// `objects.Lead.fields.Region__c.length`: the path of the place at this line and column (both from 1).
pub(super) fn path_at(text: &str, line: usize, column: usize) -> String {
    let line_start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let target = line_start + column;
    let mut walk = Walk::new(text);
    walk.until(&mut |_, _, after| after >= target);
    written(&walk.path)
}

fn written(steps: &[Step]) -> String {
    let mut path = String::new();
    for step in steps {
        match step {
            Step::Key(key) if path.is_empty() => path.push_str(key),
            Step::Key(key) => path.extend([".", key]),
            Step::Index(index) => path.extend(["[", &index.to_string(), "]"]),
        }
    }
    path
}

/// The line and column (both from 1) of what a written path (`records.Lead[2].Email`) names; of the nearest thing around it
/// when there is none.
pub(super) fn position_of_path(text: &str, path: &str) -> (usize, usize) {
    let (mut best, mut longest) = (0, 0);
    Walk::new(text).until(&mut |steps, began, _| {
        let here = written(steps);
        let around = path
            .strip_prefix(here.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']));
        if around && here.len() > longest {
            (best, longest) = (began, here.len());
        }
        longest == path.len()
    });
    line_and_column(text, best)
}

fn line_and_column(text: &str, at: usize) -> (usize, usize) {
    let before = &text[..at];
    let line = before.matches('\n').count() + 1;
    (line, before.len() - before.rfind('\n').map_or(0, |at| at + 1) + 1)
}

/// The line and column (both from 1) of the key at the end of this path.
pub(super) fn position_of(text: &str, keys: &[&str]) -> Option<(usize, usize)> {
    let mut found = None;
    Walk::new(text).until(&mut |path, began, _| {
        let here = path.len() == keys.len()
            && path.iter().zip(keys).all(|(step, key)| matches!(step, Step::Key(name) if name == key));
        if here {
            found = Some(began);
        }
        here
    });
    found.map(|at| line_and_column(text, at))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "{\n  \"a\": {\"x\": 1, \"y\": [1, {\"z\": \"q\\\"}\"}]},\n  \"b\": true\n}";

    #[test]
    fn a_path_is_found_and_read_back() {
        assert_eq!(position_of(TEXT, &["a", "y"]), Some((2, 17)));
        assert_eq!(position_of(TEXT, &["b"]), Some((3, 3)));
        assert_eq!(position_of(TEXT, &["c"]), None);
        assert_eq!(path_at(TEXT, 2, 33), "a.y[1].z");
        assert_eq!(path_at(TEXT, 3, 6), "b");
    }

    #[test]
    fn a_written_path_is_found_with_its_places_in_lists() {
        let text = r#"{"a": [{"b": 1}, {"c": [2]}]}"#;
        assert_eq!(position_of_path(text, "a[1].c"), (1, 19));
        assert_eq!(position_of_path(text, "a[1].missing"), (1, 18));
    }

    #[test]
    fn broken_text_ends_the_walk() {
        assert_eq!(path_at("{\"a\": {\"b\" 1}}", 1, 12), "a.b");
        assert_eq!(path_at("", 1, 1), "");
    }
}
