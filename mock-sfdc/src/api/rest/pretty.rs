//! `X-PrettyPrint: 1`: the same JSON as Jackson's default printer lays it out, which simple-salesforce always asks for; and XML, an element a
//! line.

/// Two spaces a level, `"a" : 1`, arrays on one line: `[ {` … `}, {` … `} ]`.
#[must_use]
pub fn pretty(minified: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(minified.len() * 3 / 2);
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(&byte) = minified.get(at) {
        let empty = |close: u8| minified.get(at + 1) == Some(&close);
        match byte {
            b'"' => {
                let end = string_end(minified, at);
                out.extend_from_slice(&minified[at..end]);
                at = end;
                continue;
            }
            b'{' if empty(b'}') => {
                out.extend_from_slice(b"{ }");
                at += 1;
            }
            b'[' if empty(b']') => {
                out.extend_from_slice(b"[ ]");
                at += 1;
            }
            b'{' => {
                depth += 1;
                out.push(b'{');
                line(&mut out, depth);
            }
            b'}' => {
                depth = depth.saturating_sub(1);
                line(&mut out, depth);
                out.push(b'}');
            }
            b'[' => out.extend_from_slice(b"[ "),
            b']' => out.extend_from_slice(b" ]"),
            b':' => out.extend_from_slice(b" : "),
            b',' => {
                out.push(b',');
                // A comma between an object's members begins a line, one between an array's items a space.
                if is_member(minified, at) { line(&mut out, depth) } else { out.push(b' ') }
            }
            b' ' | b'\n' | b'\r' | b'\t' => {}
            other => out.push(other),
        }
        at += 1;
    }
    out
}

/// Two spaces a level; an element that holds nothing but text stays on its line.
#[must_use]
pub fn pretty_xml(minified: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(minified.len() * 3 / 2);
    let (mut depth, mut at) = (0_usize, 0);
    let mut opened = false;
    while at < minified.len() {
        let end = |byte: u8| minified[at..].iter().position(|found| *found == byte);
        if minified[at] != b'<' {
            let text = end(b'<').map_or(minified.len(), |length| at + length);
            out.extend_from_slice(&minified[at..text]);
            at = text;
            continue;
        }
        let after = end(b'>').map_or(minified.len(), |length| at + length + 1);
        let tag = &minified[at..after];
        let closes = tag.starts_with(b"</");
        depth -= usize::from(closes && depth > 0);
        // Behind its own opening tag, a closing one stands on the same line.
        let same_line = out.is_empty() || closes && opened;
        if !same_line {
            line(&mut out, depth);
        }
        out.extend_from_slice(tag);
        opened = !closes && !tag.ends_with(b"/>") && !tag.starts_with(b"<?");
        depth += usize::from(opened);
        at = after;
    }
    out
}

fn line(out: &mut Vec<u8>, depth: usize) {
    out.push(b'\n');
    out.extend(std::iter::repeat_n(b' ', depth * 2));
}

/// Behind the string that begins at `start`.
fn string_end(text: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(&byte) = text.get(at) {
        match byte {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    text.len()
}

/// Whether a key follows the comma at `at`: a string with a colon behind it.
fn is_member(text: &[u8], at: usize) -> bool {
    text.get(at + 1) == Some(&b'"') && text.get(string_end(text, at + 1)) == Some(&b':')
}

#[cfg(test)]
mod tests {
    use super::{pretty, pretty_xml};

    #[test]
    fn the_layout_is_jacksons() {
        let minified = br#"{"totalSize":2,"done":true,"records":[{"Id":"1","Name":"a,\"b"},{"Id":"2","Name":null}],"none":[],"empty":{},"list":["x","y"]}"#;
        let expected = r#"{
  "totalSize" : 2,
  "done" : true,
  "records" : [ {
    "Id" : "1",
    "Name" : "a,\"b"
  }, {
    "Id" : "2",
    "Name" : null
  } ],
  "none" : [ ],
  "empty" : { },
  "list" : [ "x", "y" ]
}"#;
        assert_eq!(String::from_utf8(pretty(minified)).unwrap(), expected);
    }

    #[test]
    fn each_element_of_xml_has_a_line() {
        let minified = br#"<?xml version="1.0"?><Result a="b"><id>1</id><none xsi:nil="true"/><errors><code>X &lt; Y</code></errors><empty></empty></Result>"#;
        let expected = r#"<?xml version="1.0"?>
<Result a="b">
  <id>1</id>
  <none xsi:nil="true"/>
  <errors>
    <code>X &lt; Y</code>
  </errors>
  <empty></empty>
</Result>"#;
        assert_eq!(String::from_utf8(pretty_xml(minified)).unwrap(), expected);
    }
}
