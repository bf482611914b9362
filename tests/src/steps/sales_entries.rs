//! Steps about Sales Entries: what arrived from the org and what became of it.

use reqwest::Method;
use serde_json::{Map, Value, json};

use super::records::record;
use super::referrals::snake;
use crate::failure::{Failure, Outcome};
use crate::registry::{Args, Subject, step};
use crate::world::World;
use crate::world::cells;
use crate::world::product;

pub const SUBJECT: Subject = Subject {
    title: "Sales Entries",
    steps: &[
        step!(
            "Then",
            "there is/are {int} Sales Entry/Entries",
            count,
            "So many entries in all.",
            "Then there are 2 Sales Entries"
        ),
        step!(
            "Then",
            "there is/are {int} Sales Entry/Entries in the state {string}",
            count_in_state,
            "Received, Processed, Failed, Review or Dismissed.",
            "Then there is 1 Sales Entry in the state \"Review\""
        ),
        step!(
            "Then",
            "there is/are {int} {string} Sales Entry/Entries for the {object} {string}",
            count_for,
            "So many entries of this kind of event, created or updated, for one record of the org.",
            "Then there is 1 \"updated\" Sales Entry for the Opportunity \"Acme renewal\""
        ),
        step!(
            "Then",
            "the latest Sales Entry has:",
            has,
            "Trigger, Event, State, Match, Reason, Echo, Via, and what the org sent as `Object.Field`.",
            "Then the latest Sales Entry has:\n  | State                 | Processed  |\n  | Opportunity.StageName | Closed Won |"
        ),
        step!(
            "Then",
            "there is/are {int} notification(s)",
            notifications,
            "Of entries that went to Review, for whoever asked to be told.",
            "Then there is 1 notification"
        ),
        step!(
            "Then",
            "the latest notification says {string}",
            notification_says,
            "Its text contains this.",
            "Then the latest notification says \"review\""
        ),
        step!(
            "When",
            "the latest Sales Entry is corrected and retried:",
            correct,
            "A person corrects what the org sent (`Object.Field`), or sets `Referral code`, and retries.",
            "When the latest Sales Entry is corrected and retried:\n  | Referral code | ADA7 |"
        ),
        step!(
            "When",
            "the latest Sales Entry is retried",
            retry,
            "A person retries the entry as it is.",
            "When the latest Sales Entry is retried"
        ),
        step!(
            "When",
            "the latest Sales Entry is approved",
            approve,
            "A person lets an entry that waits in Review be processed.",
            "When the latest Sales Entry is approved"
        ),
    ],
};

async fn counted(world: &mut World, wanted: usize, fits: impl Fn(&Value) -> bool) -> Outcome {
    let entries = world.product().await?.list("sales-entries").await?;
    if entries.iter().filter(|entry| fits(entry)).count() == wanted {
        return Ok(());
    }
    let line = |e: &Value| {
        let text = |key: &str| cells::text(&e[key]);
        format!(
            "\n  {} {} {}: {}; {}",
            text("object"),
            text("record_id"),
            text("event_type"),
            text("state"),
            text("reason")
        )
    };
    let listed = entries.iter().map(line).collect::<String>();
    let found = entries.iter().filter(|entry| fits(entry)).count();
    Err(Failure::mismatch("the number of Sales Entries", wanted, format!("{found}; all entries:{listed}")))
}

async fn count(world: &mut World, args: Args) -> Outcome {
    counted(world, args.number(0)?, |_| true).await
}

async fn count_in_state(world: &mut World, args: Args) -> Outcome {
    let state = snake(args.text(1));
    counted(world, args.number(0)?, |entry| entry["state"] == state.as_str()).await
}

async fn count_for(world: &mut World, args: Args) -> Outcome {
    let (object, id) = record(world, &args, 2).await?;
    let event = args.text(1);
    let fits = |e: &Value| {
        e["object"] == object.as_str() && e["record_id"] == id.as_str() && e["event_type"] == event
    };
    counted(world, args.number(0)?, fits).await
}

async fn latest(world: &mut World) -> Result<Value, Failure> {
    let entries = world.product().await?.list("sales-entries").await?;
    entries.last().cloned().ok_or_else(|| Failure::new("Referral Rock has no Sales Entry"))
}

async fn has(world: &mut World, args: Args) -> Outcome {
    let entry = latest(world).await?;
    for (title, wanted) in args.pairs()? {
        let found = match title.as_str() {
            "Trigger" => &entry["object"],
            "Event" => &entry["event_type"],
            "Match" => &entry["matched_by"],
            _ => title.split_once('.').map_or_else(
                || &entry[snake(&title)],
                |(object, field)| cells::member(&entry["values"][object], field),
            ),
        };
        let wanted = if title == "State" { snake(&wanted) } else { wanted };
        let what = format!("{title} of the latest Sales Entry ({})", cells::text(&entry["reason"]));
        cells::compare(world, &what, &wanted, found).await?;
    }
    Ok(())
}

async fn correct(world: &mut World, args: Args) -> Outcome {
    let entry = latest(world).await?;
    let mut body = Map::new();
    for (title, cell) in args.pairs()? {
        if let Some((object, field)) = title.split_once('.') {
            body.entry("values").or_insert_with(|| json!({}))[object][field] = json!(cell);
        } else {
            body.insert(snake(&title), json!(cell));
        }
    }
    let product = world.product().await?;
    let path = format!("sales-entries/{}", product::id(&entry));
    product.call(Method::PATCH, &path, Some(&Value::Object(body))).await?.ok("correcting the Sales Entry")?;
    retry(world, args).await
}

async fn retry(world: &mut World, _args: Args) -> Outcome {
    command(world, "retry").await
}

async fn approve(world: &mut World, _args: Args) -> Outcome {
    command(world, "approve").await
}

async fn command(world: &mut World, command: &str) -> Outcome {
    let entry = latest(world).await?;
    let path = format!("sales-entries/{}/{command}", product::id(&entry));
    world.product().await?.post(&path, &json!({})).await?;
    world.settle().await
}

async fn notifications(world: &mut World, args: Args) -> Outcome {
    let (wanted, found) = (args.number(0)?, world.product().await?.list("notifications").await?.len());
    if wanted == found {
        return Ok(());
    }
    Err(Failure::mismatch("the notifications", wanted, found))
}

async fn notification_says(world: &mut World, args: Args) -> Outcome {
    let all = world.product().await?.list("notifications").await?;
    let text = all.last().map(|one| cells::text(&one["text"])).unwrap_or_default();
    if text.contains(args.text(0)) {
        return Ok(());
    }
    Err(Failure::mismatch("the latest notification", args.text(0), text))
}
