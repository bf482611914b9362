//! Steps about push topics and those who subscribe to them.

use serde_json::{Value, json};

use crate::failure::{Failure, Outcome};
use crate::registry::{Args, Subject, step};
use crate::world::World;
use crate::world::cells;
use crate::world::subscriber::Subscriber;

pub const SUBJECT: Subject = Subject {
    title: "Push topics and subscribers",
    steps: &[
        step!(
            "Given",
            "a push topic in the org:",
            topic,
            "Fields of PushTopic; ApiVersion is 60.0 unless it is given.",
            "Given a push topic in the org:\n  | Name            | Leads                        |\n  | Query           | SELECT Id, Company FROM Lead |\n  | NotifyForFields | All                          |"
        ),
        step!(
            "Given",
            "a subscriber to {string}",
            subscriber,
            "Somebody who hears of new events of the topic.",
            "Given a subscriber to \"Leads\""
        ),
        step!(
            "Given",
            "a subscriber to {string} from the beginning",
            subscriber_from_the_beginning,
            "The same, with all events that the org still keeps.",
            "Given a subscriber to \"Leads\" from the beginning"
        ),
        step!(
            "Then",
            "the subscriber hears {int} event(s)",
            hears,
            "So many events have been delivered in all.",
            "Then the subscriber hears 1 event"
        ),
        step!(
            "Then",
            "the subscriber hears:",
            hears_table,
            "Exactly these events in this order: `type`, and fields of the record; an empty cell means that the field is not there.",
            "Then the subscriber hears:\n  | type    | Company |\n  | created | Navy    |"
        ),
        step!(
            "Then",
            "each of these push topics exists and is active:",
            topics_exist,
            "There is an active push topic about each of these objects.",
            "Then each of these push topics exists and is active:\n  | Object |\n  | Lead   |"
        ),
    ],
};

async fn topic(world: &mut World, args: Args) -> Outcome {
    let mut pairs = args.pairs()?;
    if !pairs.iter().any(|(field, _)| field == "ApiVersion") {
        pairs.push(("ApiVersion".into(), "60.0".into()));
    }
    let body = cells::body(world, "PushTopic", &pairs).await?;
    world.org.admin.create("PushTopic", &body, &[]).await.ok("creating the push topic").map(|_| ())
}

async fn subscribe(world: &mut World, topic: &str, replay: i64) -> Outcome {
    let mut subscriber = Subscriber::connect(&world.org.url(), &world.org.admin.token).await?;
    subscriber.subscribe(&format!("/topic/{topic}"), replay).await?;
    world.subscriber = Some(subscriber);
    Ok(())
}

async fn subscriber(world: &mut World, args: Args) -> Outcome {
    subscribe(world, args.text(0), -1).await
}

async fn subscriber_from_the_beginning(world: &mut World, args: Args) -> Outcome {
    subscribe(world, args.text(0), -2).await
}

async fn events(world: &mut World) -> Result<Vec<Value>, Failure> {
    let subscriber =
        world.subscriber.as_mut().ok_or_else(|| Failure::new("there is no subscriber in this scenario"))?;
    subscriber.drain().await?;
    Ok(subscriber.heard.clone())
}

async fn hears(world: &mut World, args: Args) -> Outcome {
    let events = events(world).await?;
    let wanted = args.number(0)?;
    if events.len() == wanted {
        return Ok(());
    }
    Err(Failure::mismatch("the number of events", wanted, shown(&events)))
}

fn shown(events: &[Value]) -> String {
    let all = events.iter().map(|event| event["data"].to_string()).collect::<Vec<_>>();
    format!("{}\n  {}", events.len(), all.join("\n  "))
}

async fn hears_table(world: &mut World, args: Args) -> Outcome {
    let events = events(world).await?;
    let wanted = args.records()?;
    if events.len() != wanted.len() {
        return Err(Failure::mismatch("the number of events", wanted.len(), shown(&events)));
    }
    for (n, (event, cells)) in events.iter().zip(&wanted).enumerate() {
        for (column, cell) in cells {
            let data = &event["data"];
            let found = if column == "type" { &data["event"]["type"] } else { &data["sobject"][column] };
            let absent = column != "type" && data["sobject"].get(column).is_none();
            if cell.is_empty() && absent {
                continue;
            }
            let found = if absent { json!("not there") } else { found.clone() };
            cells::compare(world, &format!("event {}, {column}", n + 1), cell, &found).await?;
        }
    }
    Ok(())
}

async fn topics_exist(world: &mut World, args: Args) -> Outcome {
    let topics = world.org.admin.rows("SELECT Name, Query, IsActive FROM PushTopic").await?;
    for row in args.records()? {
        for (_, object) in row {
            let about = |t: &Value| {
                let query = t["Query"].as_str().unwrap_or_default().to_lowercase();
                let mut words = query.split_whitespace().skip_while(|word| *word != "from").skip(1);
                t["IsActive"] == true && words.next() == Some(object.to_lowercase().as_str())
            };
            if !topics.iter().any(about) {
                let found = topics
                    .iter()
                    .map(|t| format!("{}: {}", t["Name"], t["Query"]))
                    .collect::<Vec<_>>()
                    .join("\n  ");
                return Err(Failure::mismatch(
                    "the push topics",
                    format!("an active one about {object}"),
                    found,
                ));
            }
        }
    }
    Ok(())
}
