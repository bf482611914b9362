//! Arguments by their place. Salesforce goes by the order of elements, not by their names: what several clients send under
//! names of their own is understood all the same (`contract/soap.md` section 2).

use super::envelope::{Element, Request};

/// The children of an operation, told apart.
#[derive(Debug)]
pub struct Arguments<'a> {
    single: Vec<(&'static str, &'a Element)>,
    rest: Vec<&'a Element>,
}

impl<'a> Arguments<'a> {
    /// `single` are the parameters that stand once, in their order; `rest` is the one that stands last, any number of times.
    #[must_use]
    pub fn of(request: &'a Request, single: &[&'static str], rest: &'static str) -> Self {
        let children = &request.call.children;
        let known = |child: &Element| child.name == rest || single.contains(&child.name.as_str());
        if children.iter().all(known) {
            let named = single.iter().filter_map(|name| Some((*name, request.call.child(name)?)));
            return Self { single: named.collect(), rest: request.call.all(rest).collect() };
        }
        let (first, last) = children.split_at(single.len().min(children.len()));
        Self { single: single.iter().copied().zip(first).collect(), rest: last.iter().collect() }
    }

    /// The text of a parameter that stands once; empty where it is missing.
    #[must_use]
    pub fn text(&self, name: &str) -> &'a str {
        self.whole_text(name).trim()
    }

    /// The same with the white space around it, which is part of a password.
    #[must_use]
    pub fn whole_text(&self, name: &str) -> &'a str {
        let found = self.single.iter().find(|(known, _)| *known == name);
        found.map_or("", |(_, element)| element.text.as_str())
    }

    /// The parameter that stands last, each time it does.
    #[must_use]
    pub fn rest(&self) -> &[&'a Element] {
        &self.rest
    }

    /// What those say.
    #[must_use]
    pub fn rest_texts(&self) -> Vec<&'a str> {
        self.rest.iter().map(|element| element.text.trim()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(inner: &str) -> Request {
        let soap = "http://schemas.xmlsoap.org/soap/envelope/";
        let text = format!(
            "<e:Envelope xmlns:e='{soap}'><e:Body><retrieve>{inner}</retrieve></e:Body></e:Envelope>"
        );
        Request::read(text.as_bytes(), None).unwrap()
    }

    #[test]
    fn by_name_in_any_order_else_by_place() {
        for inner in [
            "<fieldList>Id</fieldList><sObjectType>Lead</sObjectType><ids>1</ids><ids>2</ids>",
            "<ids>1</ids><sObjectType>Lead</sObjectType><ids>2</ids><fieldList>Id</fieldList>",
            "<a>Id</a><b>Lead</b><c>1</c><d>2</d>",
            "<fieldList>Id</fieldList><type>Lead</type><id>1</id><id>2</id>",
        ] {
            let request = request(inner);
            let arguments = Arguments::of(&request, &["fieldList", "sObjectType"], "ids");
            assert_eq!(
                (arguments.text("fieldList"), arguments.text("sObjectType")),
                ("Id", "Lead"),
                "{inner}"
            );
            assert_eq!(arguments.rest_texts(), ["1", "2"], "{inner}");
        }
        let short = request("<x>Id</x>");
        let arguments = Arguments::of(&short, &["fieldList", "sObjectType"], "ids");
        assert_eq!((arguments.text("fieldList"), arguments.text("sObjectType")), ("Id", ""));
    }
}
