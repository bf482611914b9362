//! From where and when the users of a profile may come: IP ranges and login hours, in metadata's words.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

/// Addresses from one to another, both included.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IpRange {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    pub start_address: IpAddr,
    pub end_address: IpAddr,
}

impl IpRange {
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        (self.start_address..=self.end_address).contains(&address)
    }
}

/// Minutes of the day between which users of a profile may log in, a pair a weekday; a day without a pair is closed once any
/// day has one. 1440 is the end of the day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct LoginHours {
    pub sunday_start: Option<u16>,
    pub sunday_end: Option<u16>,
    pub monday_start: Option<u16>,
    pub monday_end: Option<u16>,
    pub tuesday_start: Option<u16>,
    pub tuesday_end: Option<u16>,
    pub wednesday_start: Option<u16>,
    pub wednesday_end: Option<u16>,
    pub thursday_start: Option<u16>,
    pub thursday_end: Option<u16>,
    pub friday_start: Option<u16>,
    pub friday_end: Option<u16>,
    pub saturday_start: Option<u16>,
    pub saturday_end: Option<u16>,
}

impl LoginHours {
    /// From Sunday on.
    fn days(&self) -> [(Option<u16>, Option<u16>); 7] {
        [
            (self.sunday_start, self.sunday_end),
            (self.monday_start, self.monday_end),
            (self.tuesday_start, self.tuesday_end),
            (self.wednesday_start, self.wednesday_end),
            (self.thursday_start, self.thursday_end),
            (self.friday_start, self.friday_end),
            (self.saturday_start, self.saturday_end),
        ]
    }

    /// Whether the door is open: `weekday` 0 is Sunday.
    #[must_use]
    pub fn is_open(&self, weekday: usize, minute: u16) -> bool {
        let days = self.days();
        if days.iter().all(|(start, end)| start.is_none() && end.is_none()) {
            return true;
        }
        match days.get(weekday) {
            Some((Some(start), Some(end))) => *start <= minute && minute < *end,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_include_their_ends() {
        let range: IpRange =
            serde_json::from_str(r#"{"startAddress": "10.0.0.1", "endAddress": "10.0.0.9"}"#).unwrap();
        for (address, inside) in [
            ("10.0.0.1", true),
            ("10.0.0.9", true),
            ("10.0.0.10", false),
            ("9.255.255.255", false),
            ("::1", false),
        ] {
            assert_eq!(range.contains(address.parse().unwrap()), inside, "{address}");
        }
    }

    #[test]
    fn a_day_without_hours_is_closed_when_another_has_some() {
        let hours = LoginHours { monday_start: Some(480), monday_end: Some(1020), ..LoginHours::default() };
        for (weekday, minute, open) in
            [(1, 480, true), (1, 1019, true), (1, 1020, false), (1, 479, false), (2, 600, false)]
        {
            assert_eq!(hours.is_open(weekday, minute), open, "{weekday} {minute}");
        }
        assert!(LoginHours::default().is_open(3, 0));
    }
}
