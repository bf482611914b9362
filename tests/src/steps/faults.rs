//! Steps that make things go wrong on purpose: in the org, on the wire, in the engine.

use crate::failure::{Failure, Outcome};
use crate::registry::{Args, Subject, step};
use crate::world::World;
use crate::world::org::Fault;

pub const SUBJECT: Subject = Subject {
    title: "Faults and survival",
    steps: &[
        step!(
            "Given",
            "the next create of a/an {object} fails with {string}",
            fails,
            "The org refuses once, in Salesforce's own words for this code.",
            "Given the next create of a Lead fails with \"UNABLE_TO_LOCK_ROW\""
        ),
        step!(
            "Given",
            "the answer to the next create of a/an {object} is lost",
            answer_lost,
            "The org saves the record, and the connection ends before it can say so.",
            "Given the answer to the next create of a Lead is lost"
        ),
        step!(
            "Given",
            "the next create of a/an {object} is lost",
            request_lost,
            "The connection ends before the org has saved anything.",
            "Given the next create of a Lead is lost"
        ),
        step!(
            "Given",
            "the org forgets all streaming sessions",
            forget,
            "Subscribers are answered with 403::Unknown client and have to begin anew.",
            "Given the org forgets all streaming sessions"
        ),
        step!(
            "Given",
            "the engine's access token is no longer valid",
            token,
            "The org answers its next request with INVALID_SESSION_ID.",
            "Given the engine's access token is no longer valid"
        ),
        step!(
            "Given",
            "the engine is killed",
            kill,
            "It ends at once, without a farewell.",
            "Given the engine is killed"
        ),
        step!(
            "Given",
            "the engine will be killed before it stores the next event",
            kill_before_storing,
            "It receives the event and dies before anything of it is written.",
            "Given the engine will be killed before it stores the next event"
        ),
        step!(
            "When",
            "the engine hears all events of the org again",
            hear_again,
            "It is killed, its place in the stream is set back to the beginning, and it is started again.",
            "When the engine hears all events of the org again"
        ),
        step!("Then", "the engine is dead", dead, "It has been killed.", "Then the engine is dead"),
        step!(
            "When",
            "the engine is started again",
            restart,
            "With the data that it had stored.",
            "When the engine is started again"
        ),
    ],
};

async fn next_create(world: &mut World, object: &str, fault: Fault<'_>) -> Outcome {
    let object = world.org.admin.object_name(object).await?;
    world.org.next_create(&object, fault)
}

async fn fails(world: &mut World, args: Args) -> Outcome {
    next_create(world, args.text(0), Fault::Error(args.text(1))).await
}

async fn answer_lost(world: &mut World, args: Args) -> Outcome {
    next_create(world, args.text(0), Fault::AnswerLost).await
}

async fn request_lost(world: &mut World, args: Args) -> Outcome {
    next_create(world, args.text(0), Fault::RequestLost).await
}

async fn forget(world: &mut World, _args: Args) -> Outcome {
    world.org.forget_streaming_sessions()
}

async fn token(world: &mut World, _args: Args) -> Outcome {
    world.org.end_sessions_of_others()
}

async fn kill(world: &mut World, _args: Args) -> Outcome {
    world.kill_engine()
}

async fn kill_before_storing(world: &mut World, _args: Args) -> Outcome {
    world.kill_engine_before_storing()
}

async fn dead(world: &mut World, _args: Args) -> Outcome {
    if world.engine_is_dead() { Ok(()) } else { Err(Failure::new("the engine is still running")) }
}

async fn restart(world: &mut World, _args: Args) -> Outcome {
    world.start_engine().await?;
    world.settle().await
}

async fn hear_again(world: &mut World, args: Args) -> Outcome {
    world.rewind_engine().await?;
    restart(world, args).await
}
