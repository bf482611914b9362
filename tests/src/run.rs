//! Runs cases: each in a world of its own, many at a time, every one to its first step that does not hold.
//!
//! Why not the runner of the `cucumber` crate: it silences the panics of the whole process while it runs, which hides
//! those of ordinary tests beside it; its steps cannot return a failure that says expected and found; and it has no
//! place to ask a world, after every step, what happened.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::FutureExt as _;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::failure::{Failure, Outcome};
use crate::features::Case;
use crate::registry::{self, Args, Found, Step};
use crate::report::{Report, ScenarioResult, State, StepResult};
use crate::world::World;

/// Scenarios at a time: more gains nothing on the machines we have, and each holds two sockets and a database open.
pub const AT_ONCE: usize = 64;

/// A scenario that takes this long hangs: nothing in it waits for real time.
const PATIENCE: Duration = Duration::from_mins(5);

/// Runs all cases; `done` hears of each as it ends, in any order.
pub async fn run(cases: Vec<Case>, done: impl Fn(&ScenarioResult)) -> Report {
    let started = Instant::now();
    let places = Arc::new(Semaphore::new(AT_ONCE));
    let mut running = JoinSet::new();
    for (index, case) in cases.into_iter().enumerate() {
        let places = Arc::clone(&places);
        running.spawn(async move {
            // The semaphore is never closed; without a place a scenario would only run earlier.
            let _place = places.acquire().await;
            (index, scenario(case).await)
        });
    }
    let mut results = Vec::new();
    while let Some(finished) = running.join_next().await {
        match finished {
            Ok((index, result)) => {
                done(&result);
                results.push((index, result));
            }
            Err(broken) => std::panic::resume_unwind(broken.into_panic()),
        }
    }
    results.sort_by_key(|(index, _)| *index);
    Report { scenarios: results.into_iter().map(|(_, result)| result).collect(), took: started.elapsed() }
}

/// Resolves all steps without running any: what a dry run shows.
#[must_use]
pub fn resolve(case: Case) -> ScenarioResult {
    let steps = case.steps.iter().map(|step| planned(step).0).collect();
    ScenarioResult { case, steps, outside: None, took: Duration::ZERO }
}

async fn scenario(case: Case) -> ScenarioResult {
    let started = Instant::now();
    let mut plan: Vec<_> = case.steps.iter().map(planned).collect();
    let mut outside = None;
    // A scenario with a step that nobody knows is not begun: half a scenario shows nothing.
    if plan.iter().all(|(_, code)| code.is_some()) {
        let all = AssertUnwindSafe(steps(&case, &mut plan)).catch_unwind();
        outside = match tokio::time::timeout(PATIENCE, all).await {
            Ok(Ok(ended)) => ended.err(),
            Ok(Err(panic)) => Some(Failure::new(format!("the world broke: {}", words(&*panic)))),
            Err(_) => Some(Failure::new(format!("still running after {PATIENCE:?}, so it was ended"))),
        };
    }
    let steps = plan.into_iter().map(|(result, _)| result).collect();
    ScenarioResult { case, steps, outside, took: started.elapsed() }
}

async fn steps(case: &Case, plan: &mut [(StepResult, Option<(&'static Step, Args)>)]) -> Outcome {
    let mut world = World::build(case).await?;
    for (result, code) in plan.iter_mut() {
        let Some((step, args)) = code.take() else { break };
        let outcome = AssertUnwindSafe((step.run)(&mut world, args)).catch_unwind().await;
        let outcome =
            outcome.unwrap_or_else(|panic| Err(Failure::new(format!("the step broke: {}", words(&*panic)))));
        result.story = world.story().await;
        result.state = outcome.map_or_else(State::Failed, |()| State::Passed);
        if result.state != State::Passed {
            world.abandon();
            return Ok(());
        }
    }
    world.close()
}

/// A step before it runs, with its code when it has one.
fn planned(step: &gherkin::Step) -> (StepResult, Option<(&'static Step, Args)>) {
    let written = |rows: Vec<&'static Step>| {
        rows.iter().map(|row| format!("{} {}", row.keyword, row.expression)).collect()
    };
    let (state, code) = match registry::find(step) {
        Found::One(found, args) => (State::NotReached, Some((found, args))),
        Found::None(near) => (State::Undefined(written(near)), None),
        Found::Many(rows) => (State::Ambiguous(written(rows)), None),
    };
    let result = StepResult {
        text: format!("{} {}", step.keyword.trim(), step.value),
        line: step.position.line,
        table: step.table.as_ref().map(|table| table.rows.clone()).unwrap_or_default(),
        docstring: step.docstring.clone(),
        state,
        story: Vec::new(),
    };
    (result, code)
}

fn words(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string))
        .unwrap_or_else(|| "a panic without words".into())
}
