//! Steps about sessions of the org, and about the org as a whole.

use crate::failure::{Failure, Outcome};
use crate::registry::{Args, Subject, step};
use crate::world::World;
use crate::world::salesforce::{Answer, written};

pub const SUBJECT: Subject = Subject {
    title: "The org and its sessions",
    steps: &[
        step!(
            "Given",
            "the org has the edition {string}",
            edition,
            "As Organization.OrganizationType spells it.",
            "Given the org has the edition \"Professional Edition\""
        ),
        step!(
            "Given",
            "the org has the edition {string}, with the API bought for it",
            edition_with_api,
            "For editions that do not have the API by themselves.",
            "Given the org has the edition \"Professional Edition\", with the API bought for it"
        ),
        step!(
            "Given",
            "the org is a sandbox",
            sandbox,
            "As Organization.IsSandbox says.",
            "Given the org is a sandbox"
        ),
        step!(
            "Given",
            "the org's Streaming API is turned off",
            no_streaming,
            "Nobody can subscribe to anything.",
            "Given the org's Streaming API is turned off"
        ),
        step!(
            "Given",
            "the org's {object} has the field {word} under Shield encryption",
            shield,
            "A text that nobody can filter on.",
            "Given the org's Lead has the field Secret__c under Shield encryption"
        ),
        step!(
            "Given",
            "the administrator is logged in",
            login,
            "Gets a session by username and password.",
            "Given the administrator is logged in"
        ),
        step!(
            "Then",
            "the session is still valid",
            valid,
            "A request with it is answered; that counts as work.",
            "Then the session is still valid"
        ),
        step!(
            "Then",
            "the session has expired",
            expired,
            "A request with it is refused with INVALID_SESSION_ID.",
            "Then the session has expired"
        ),
        step!(
            "When",
            "the administrator's token is revoked",
            revoke,
            "Through the org's revoke endpoint.",
            "When the administrator's token is revoked"
        ),
    ],
};

async fn edition(world: &mut World, args: Args) -> Outcome {
    world.org.set_edition(args.text(0), false)
}

async fn edition_with_api(world: &mut World, args: Args) -> Outcome {
    world.org.set_edition(args.text(0), true)
}

async fn sandbox(world: &mut World, _args: Args) -> Outcome {
    world.org.make_sandbox()
}

async fn no_streaming(world: &mut World, _args: Args) -> Outcome {
    world.org.turn_streaming_off();
    Ok(())
}

async fn shield(world: &mut World, args: Args) -> Outcome {
    let object = world.org.admin.object_name(args.text(0)).await?;
    world.org.add_shielded_field(&object, args.text(1))
}

async fn login(world: &mut World, _args: Args) -> Outcome {
    world.session = Some(world.org.login().await?);
    Ok(())
}

async fn answer(world: &World) -> Result<Answer, Failure> {
    let session =
        world.session.as_ref().ok_or_else(|| Failure::new("nobody is logged in in this scenario"))?;
    Ok(session.limits().await)
}

async fn valid(world: &mut World, _args: Args) -> Outcome {
    answer(world).await?.ok("a request with the session").map(|_| ())
}

async fn expired(world: &mut World, _args: Args) -> Outcome {
    match answer(world).await? {
        Answer::Refused(errors) if errors.iter().all(|e| e.code == "INVALID_SESSION_ID") => Ok(()),
        Answer::Refused(errors) => {
            Err(Failure::mismatch("the refusal", "INVALID_SESSION_ID", written(&errors)))
        }
        Answer::Ok(_) => {
            Err(Failure::mismatch("a request with the session", "INVALID_SESSION_ID", "an answer"))
        }
        Answer::Lost(why) => Err(Failure::mismatch("a request with the session", "INVALID_SESSION_ID", why)),
    }
}

async fn revoke(world: &mut World, _args: Args) -> Outcome {
    let session =
        world.session.as_ref().ok_or_else(|| Failure::new("nobody is logged in in this scenario"))?;
    session.revoke().await
}
