//! What a client writes as `subscription`: a channel, and behind `?` the filter of a filtered channel.

use super::refusal::Refusal;

/// `/topic/Leads?Status=Open - Not Contacted&City=Ghent`, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    pub channel: String,
    /// Field and value; all of them must hold.
    pub filter: Vec<(String, String)>,
}

impl Address {
    pub fn parse(subscription: &str) -> Result<Self, Refusal> {
        if subscription.is_empty() {
            return Err(Refusal::ChannelNotSpecified);
        }
        if !subscription.starts_with('/') {
            return Err(Refusal::NoLeadingSlash);
        }
        let (channel, query) = subscription.split_once('?').unwrap_or((subscription, ""));
        let parts = query.split('&').filter(|part| !part.is_empty());
        let compared = |part: &str| match part.split_once('=') {
            Some((field, value)) => Ok((decode(field), decode(value))),
            None => Err(Refusal::Malformed(format!(
                "The filter {part} compares with nothing; write {part}=value"
            ))),
        };
        let filter = parts.map(compared).collect::<Result<_, _>>()?;
        Ok(Self { channel: channel.to_owned(), filter })
    }
}

/// Clients write blanks and parentheses as they are (EMP-Connector's README does); others encode them.
fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = (*first == b'%').then(|| after.get(..2)).flatten();
        let code = code.and_then(|hex| std::str::from_utf8(hex).ok());
        if let Some(byte) = code.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            bytes.push(byte);
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_apart() {
        let none: &[(&str, &str)] = &[];
        for (text, channel, filter) in [
            ("/topic/X", "/topic/X", none),
            ("/topic/X?", "/topic/X", none),
            ("/topic/X?City=San Francisco (CA)", "/topic/X", &[("City", "San Francisco (CA)")]),
            ("/topic/X?City=San%20Francisco&A=%C3%A9", "/topic/X", &[("City", "San Francisco"), ("A", "é")]),
            ("/topic/X?Discount=100%&B=", "/topic/X", &[("Discount", "100%"), ("B", "")]),
        ] {
            let address = Address::parse(text).unwrap();
            assert_eq!(address.channel, channel, "{text}");
            let found = address.filter.iter().map(|(f, v)| (f.as_str(), v.as_str())).collect::<Vec<_>>();
            assert_eq!(found, filter, "{text}");
        }
        assert_eq!(Address::parse(""), Err(Refusal::ChannelNotSpecified));
        assert_eq!(Address::parse("topic/X"), Err(Refusal::NoLeadingSlash));
        let refused = Address::parse("/topic/X?A=1&City").unwrap_err().to_string();
        assert!(refused.starts_with("400::The filter City"), "{refused}");
    }
}
