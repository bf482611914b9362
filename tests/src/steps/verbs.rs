//! Steps about what only SOAP does to records: leads are converted, records are merged, and come back from the recycle bin.

use super::records::{record, refused};
use crate::failure::{Failure, Outcome};
use crate::registry::{Args, Subject, step};
use crate::world::salesforce::Answer;
use crate::world::soap::element;
use crate::world::{World, cells};

pub const SUBJECT: Subject = Subject {
    title: "Conversion, merging and the recycle bin",
    steps: &[
        step!(
            "When",
            "the Lead {string} is converted",
            convert,
            "To a new account, contact and opportunity, with the status `Closed - Converted`.",
            "When the Lead \"Grace Hopper\" is converted"
        ),
        step!(
            "When",
            "the Lead {string} is converted with:",
            convert_with,
            "The same with more of what `convertLead` takes: accountId, contactId, convertedStatus, doNotCreateOpportunity, opportunityName, ownerId and so on.",
            "When the Lead \"Grace Hopper\" is converted with:\n  | accountId              | Account \"Navy\" |\n  | doNotCreateOpportunity | true           |"
        ),
        step!(
            "When",
            "converting the Lead {string} is refused with {string}",
            convert_refused,
            "The org answers with this error code.",
            "When converting the Lead \"Grace Hopper\" is refused with \"CANNOT_UPDATE_CONVERTED_LEAD\""
        ),
        step!(
            "When",
            "converting the Lead {string} is refused with {string}:",
            convert_with_refused,
            "The same with more of what `convertLead` takes.",
            "When converting the Lead \"Grace Hopper\" is refused with \"INVALID_STATUS\":\n  | convertedStatus | Working - Contacted |"
        ),
        step!(
            "When",
            "the {object} {string} is merged into {string}",
            merge,
            "The second record remains, with its own values and all that belonged to both.",
            "When the Contact \"G. Hopper\" is merged into \"Grace Hopper\""
        ),
        step!(
            "When",
            "the {object} {string} is merged into {string} with:",
            merge_with,
            "The same, and the record that remains gets these values.",
            "When the Lead \"G. Hopper\" is merged into \"Grace Hopper\" with:\n  | Phone | 555 |"
        ),
        step!(
            "When",
            "merging the {object} {string} into {string} is refused with {string}",
            merge_refused,
            "The org answers with this error code.",
            "When merging the Lead \"G. Hopper\" into \"Grace Hopper\" is refused with \"CANNOT_UPDATE_CONVERTED_LEAD\""
        ),
        step!(
            "When",
            "the deleted {object} {string} is brought back",
            undelete,
            "From the recycle bin, with what was deleted together with it.",
            "When the deleted Account \"Navy\" is brought back"
        ),
    ],
};

async fn convert(world: &mut World, args: Args) -> Outcome {
    conversion(world, &args, &[]).await?.ok("converting the Lead")?;
    world.settle().await
}

async fn convert_with(world: &mut World, args: Args) -> Outcome {
    let options = args.pairs()?;
    conversion(world, &args, &options).await?.ok("converting the Lead")?;
    world.settle().await
}

async fn convert_refused(world: &mut World, args: Args) -> Outcome {
    let answer = conversion(world, &args, &[]).await?;
    refused(world, answer, args.text(1))?;
    world.settle().await
}

async fn convert_with_refused(world: &mut World, args: Args) -> Outcome {
    let options = args.pairs()?;
    let answer = conversion(world, &args, &options).await?;
    refused(world, answer, args.text(1))?;
    world.settle().await
}

async fn conversion(world: &mut World, args: &Args, options: &[(String, String)]) -> Result<Answer, Failure> {
    let lead = world.org.admin.id_of("Lead", args.text(0)).await?;
    let mut inner = element("leadId", &lead);
    if !options.iter().any(|(name, _)| name == "convertedStatus") {
        inner += &element("convertedStatus", "Closed - Converted");
    }
    for (name, cell) in options {
        inner += &element(name, &cells::resolved(world, cell).await?);
    }
    Ok(world.org.admin.soap("convertLead", &format!("<leadConverts>{inner}</leadConverts>")).await)
}

async fn merge(world: &mut World, args: Args) -> Outcome {
    merging(world, &args, &[]).await?.ok("merging")?;
    world.settle().await
}

async fn merge_with(world: &mut World, args: Args) -> Outcome {
    let values = args.pairs()?;
    merging(world, &args, &values).await?.ok("merging")?;
    world.settle().await
}

async fn merge_refused(world: &mut World, args: Args) -> Outcome {
    let answer = merging(world, &args, &[]).await?;
    refused(world, answer, args.text(3))?;
    world.settle().await
}

async fn merging(world: &mut World, args: &Args, values: &[(String, String)]) -> Result<Answer, Failure> {
    let (object, loser) = record(world, args, 0).await?;
    let master = world.org.admin.id_of(&object, args.text(2)).await?;
    let mut inner = element("type", &object) + &element("Id", &master);
    for (field, cell) in values {
        inner += &match cell.as_str() {
            cells::NOTHING => element("fieldsToNull", field),
            cell => element(field, &cells::resolved(world, cell).await?),
        };
    }
    let losers = element("recordToMergeIds", &loser);
    let request = format!("<request><masterRecord>{inner}</masterRecord>{losers}</request>");
    Ok(world.org.admin.soap("merge", &request).await)
}

async fn undelete(world: &mut World, args: Args) -> Outcome {
    let object = world.org.admin.object_name(args.text(0)).await?;
    let id = world.org.admin.deleted_id_of(&object, args.text(1)).await?;
    world.org.admin.soap("undelete", &element("ids", &id)).await.ok("bringing it back")?;
    world.settle().await
}
