//! `DISTANCE`: how far two places on the globe are from each other (`contract/soql.md` section 2).

use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};

use super::expr::{Expr, Fetched, Found, Path};
use crate::{state::State, value::Value};

/// Mean radius of the earth. Salesforce does not say which it takes.
const RADIUS_KILOMETRES: f64 = 6_371.0;
const KILOMETRES_IN_A_MILE: f64 = 1.609_344;

/// A place that a record holds: the two parts of a geolocation or of an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coordinates {
    pub latitude: Path,
    pub longitude: Path,
}

/// The second argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Goal {
    /// `GEOLOCATION(latitude, longitude)`
    Point(Decimal, Decimal),
    Field(Coordinates),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Distance {
    pub from: Coordinates,
    pub to: Goal,
    pub miles: bool,
}

impl Distance {
    /// Null where one of the places is not filled.
    pub fn between(&self, state: &State, row: Found<'_>) -> Fetched<'static> {
        let to = match &self.to {
            Goal::Point(latitude, longitude) => latitude.to_f64().zip(longitude.to_f64()),
            Goal::Field(place) => place.read(state, row),
        };
        let distance = self.from.read(state, row).zip(to).and_then(|(from, to)| {
            let kilometres = great_circle(from, to) * RADIUS_KILOMETRES;
            Decimal::from_f64(if self.miles { kilometres / KILOMETRES_IN_A_MILE } else { kilometres })
        });
        distance.map_or(Fetched::Null, Fetched::Real)
    }

    /// Everything that it looks at.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        let to = match &self.to {
            Goal::Point(..) => None,
            Goal::Field(place) => Some(place),
        };
        [Some(&self.from), to].into_iter().flatten().flat_map(|place| [&place.latitude, &place.longitude])
    }
}

impl Coordinates {
    fn read(&self, state: &State, row: Found<'_>) -> Option<(f64, f64)> {
        let degrees = |path: &Path| match path.fetch(state, row) {
            Fetched::Value(Value::Number(number)) => number.to_f64(),
            _ => None,
        };
        degrees(&self.latitude).zip(degrees(&self.longitude))
    }
}

impl From<Distance> for Expr {
    fn from(distance: Distance) -> Self {
        Self::Distance(Box::new(distance))
    }
}

/// The angle between two points, by the haversine formula.
fn great_circle(from: (f64, f64), to: (f64, f64)) -> f64 {
    let half = |left: f64, right: f64| ((right - left).to_radians() / 2.0).sin().powi(2);
    let cosines = from.0.to_radians().cos() * to.0.to_radians().cos();
    let chord = half(from.0, to.0) + cosines * half(from.1, to.1);
    2.0 * chord.clamp(0.0, 1.0).sqrt().asin()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_distances() {
        let kilometres = |from, to| great_circle(from, to) * RADIUS_KILOMETRES;
        let (bonn, berlin) = ((50.7374, 7.0982), (52.52, 13.405));
        assert!((kilometres(bonn, berlin) - 478.0).abs() < 3.0, "{}", kilometres(bonn, berlin));
        assert!(kilometres(bonn, bonn) < 1e-9);
        // Half of the circumference, and no NaN.
        assert!((kilometres((0.0, 0.0), (0.0, 180.0)) - 20_015.0).abs() < 1.0);
    }
}
