//! Steps about time. Org and engine share one clock, which moves only here.

use crate::failure::Outcome;
use crate::registry::{Args, Subject, step};
use crate::world::World;

pub const SUBJECT: Subject = Subject {
    title: "Time",
    steps: &[
        step!(
            "Given",
            "the clock stands at {moment}",
            set,
            "Sets the clock of org and engine, in UTC.",
            "Given the clock stands at 2026-03-02 09:00:00"
        ),
        step!(
            "When",
            "{duration} pass(es)",
            pass,
            "Moves the clock of org and engine on.",
            "When 59 minutes and 59 seconds pass"
        ),
    ],
};

async fn set(world: &mut World, args: Args) -> Outcome {
    world.set_clock(args.moment(0)?);
    world.settle().await
}

async fn pass(world: &mut World, args: Args) -> Outcome {
    world.set_clock(world.now() + args.duration(0)?);
    world.settle().await
}
