//! Two runners on one track: round by round, one after the other, so that whatever the machine does meanwhile slows both.
//!
//! Time is that of the processor, not of the wall: both runners are one thread, and who else wants the core is no figure of theirs.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// The times of one race, a time an operation.
#[derive(Debug, Default)]
pub struct Race {
    ours: Vec<f64>,
    theirs: Vec<f64>,
}

impl Race {
    /// So many rounds of both; each does `operations` of the same kind. The first round warms up and does not count.
    pub fn run(rounds: usize, operations: u32, mut ours: impl FnMut(), mut theirs: impl FnMut()) -> Self {
        let mut race = Self::default();
        for round in 0..=rounds {
            let times = (time(&mut ours), time(&mut theirs));
            if round > 0 {
                race.ours.push(times.0 / f64::from(operations));
                race.theirs.push(times.1 / f64::from(operations));
            }
        }
        race
    }

    #[must_use]
    pub fn ours(&self) -> f64 {
        median(self.ours.clone())
    }

    #[must_use]
    pub fn theirs(&self) -> f64 {
        median(self.theirs.clone())
    }

    /// How many times as long theirs took: the median of the rounds' own ratios.
    #[must_use]
    pub fn ratio(&self) -> f64 {
        median(self.theirs.iter().zip(&self.ours).map(|(theirs, ours)| theirs / ours).collect())
    }
}

/// The time that this thread has had so far.
fn now() -> Duration {
    Duration::try_from(clock_gettime(ClockId::ThreadCPUTime)).unwrap_or_default()
}

/// How long `work` takes, in seconds.
pub fn time(work: impl FnOnce()) -> f64 {
    let start = now();
    work();
    now().saturating_sub(start).as_secs_f64()
}

/// The time of one operation of `work`, which does `operations` of them.
pub fn median_of(rounds: usize, operations: u32, mut work: impl FnMut()) -> f64 {
    work();
    median((0..rounds).map(|_| time(&mut work) / f64::from(operations)).collect())
}

/// 0 for none.
#[must_use]
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

/// A time as people read it.
#[must_use]
pub fn shown(seconds: f64) -> String {
    match seconds {
        s if s < 1e-6 => format!("{:.0} ns", s * 1e9),
        s if s < 1e-3 => format!("{:.2} µs", s * 1e6),
        s if s < 1.0 => format!("{:.1} ms", s * 1e3),
        s => format!("{s:.2} s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle() {
        assert!((median(vec![3.0, 1.0, 2.0]) - 2.0).abs() < f64::EPSILON);
        assert!(median(Vec::new()).abs() < f64::EPSILON);
    }

    #[test]
    fn times_are_shown_in_their_unit() {
        for (seconds, text) in
            [(2.5e-7, "250 ns"), (1.25e-5, "12.50 µs"), (0.0123, "12.3 ms"), (2.0, "2.00 s")]
        {
            assert_eq!(shown(seconds), text);
        }
    }
}
