//! Steps about connecting Referral Rock to the org.

use reqwest::Method;
use serde_json::json;

use crate::failure::{Failure, Outcome};
use crate::registry::{Args, Subject, step};
use crate::world::World;
use crate::world::browser::Consent;
use crate::world::cells;
use crate::world::product::Product;

pub const SUBJECT: Subject = Subject {
    title: "Connection",
    steps: &[
        step!(
            "Given",
            "Referral Rock is connected to the org",
            connected_to,
            "An administrator has connected it, in the browser.",
            "Given Referral Rock is connected to the org"
        ),
        step!(
            "Given",
            "Referral Rock uses API version {string}",
            api_version,
            "Before its first start in the scenario.",
            "Given Referral Rock uses API version \"v21.0\""
        ),
        step!(
            "When",
            "an administrator connects Referral Rock to the org",
            connect,
            "Logs in on the org's page and agrees; whether it worked is for the next steps to say.",
            "When an administrator connects Referral Rock to the org"
        ),
        step!(
            "When",
            "an administrator declines to connect Referral Rock to the org",
            decline,
            "Logs in on the org's page and does not agree.",
            "When an administrator declines to connect Referral Rock to the org"
        ),
        step!(
            "When",
            "a second Referral Rock account is connected to the org",
            connect_second,
            "The same administrator connects another account.",
            "When a second Referral Rock account is connected to the org"
        ),
        step!(
            "When",
            "Referral Rock is disconnected from the org",
            disconnect,
            "Ends the connection.",
            "When Referral Rock is disconnected from the org"
        ),
        step!(
            "Then",
            "Referral Rock is connected",
            is_connected,
            "It says so itself.",
            "Then Referral Rock is connected"
        ),
        step!(
            "Then",
            "Referral Rock is not connected",
            is_not_connected,
            "It says so itself.",
            "Then Referral Rock is not connected"
        ),
        step!(
            "Then",
            "the second account is connected",
            second_is_connected,
            "It says so itself.",
            "Then the second account is connected"
        ),
        step!(
            "Then",
            "the connection is refused with {string}",
            refused,
            "The page that the administrator sees at the end contains this text.",
            "Then the connection is refused with \"access_denied\""
        ),
        step!(
            "Then",
            "no permission is missing",
            nothing_missing,
            "The connection details list none.",
            "Then no permission is missing"
        ),
        step!(
            "Then",
            "these permissions are missing:",
            missing,
            "The connection details list these and no others, and the page after the login shows each.",
            "Then these permissions are missing:\n  | View Event Log Files |\n  | Modify All on Lead   |"
        ),
        step!(
            "Then",
            "the diagnosis finds fault with {string}: {string}",
            fault_found,
            "A check of that name has failed, and says this among other things.",
            "Then the diagnosis finds fault with \"API version\": \"version 22.0 or greater is required\""
        ),
        step!(
            "Then",
            "the diagnosis finds nothing wrong with {string}",
            nothing_wrong,
            "The check of that name has passed.",
            "Then the diagnosis finds nothing wrong with \"Streaming API\""
        ),
        step!(
            "Then",
            "the connection details show the org's name and edition",
            details,
            "As the org itself has them.",
            "Then the connection details show the org's name and edition"
        ),
        step!(
            "Then",
            "{string} is {moment}",
            moment_is,
            "A time of the connection details: Last Salesforce Connection, Last Entry Received.",
            "Then \"Last Entry Received\" is 2026-03-02 10:30"
        ),
        step!(
            "Then",
            "{string} is empty",
            moment_is_empty,
            "A time of the connection details that has not come yet.",
            "Then \"Last Entry Received\" is empty"
        ),
    ],
};

async fn dance(world: &mut World, product: &Product, consent: Consent) -> Outcome {
    let begun = product.call(Method::POST, "connection", Some(&json!({}))).await?;
    world.last_page = if begun.status.is_success() {
        let address = cells::text(&begun.body["authorize_url"]);
        let page = world.browser()?.authorize(&address, consent).await?;
        Some((page.status.as_u16(), page.text))
    } else {
        Some((begun.status.as_u16(), begun.problem()))
    };
    world.settle().await
}

async fn connect(world: &mut World, _args: Args) -> Outcome {
    let product = world.product().await?.clone();
    dance(world, &product, Consent::Allow).await
}

async fn decline(world: &mut World, _args: Args) -> Outcome {
    let product = world.product().await?.clone();
    dance(world, &product, Consent::Deny).await
}

async fn api_version(world: &mut World, args: Args) -> Outcome {
    args.text(0).clone_into(&mut world.api_version);
    Ok(())
}

async fn connected_to(world: &mut World, args: Args) -> Outcome {
    connect(world, args).await?;
    let product = world.product().await?.clone();
    state_is(world, &product, true).await
}

const SECOND: &str = "second";

async fn connect_second(world: &mut World, _args: Args) -> Outcome {
    let product = world.product().await?.other(SECOND);
    product.make_account("Second").await?;
    dance(world, &product, Consent::Allow).await
}

async fn disconnect(world: &mut World, _args: Args) -> Outcome {
    let reply = world.product().await?.call(Method::DELETE, "connection", None).await?;
    reply.ok("disconnecting")?;
    world.settle().await
}

async fn state_is(world: &World, product: &Product, wanted: bool) -> Outcome {
    let connection = product.get("connection").await?;
    if (connection["state"] == "connected") == wanted {
        return Ok(());
    }
    let wanted = if wanted { "connected" } else { "not connected" };
    let page = world
        .last_page
        .as_ref()
        .map_or_else(String::new, |(status, text)| format!("; last page: {status} {}", plain(text)));
    let found =
        format!("{}, {}{page}", cells::text(&connection["state"]), cells::text(&connection["problem"]));
    Err(Failure::mismatch("the state of the connection", wanted, found))
}

async fn is_connected(world: &mut World, _args: Args) -> Outcome {
    let product = world.product().await?.clone();
    state_is(world, &product, true).await
}

async fn is_not_connected(world: &mut World, _args: Args) -> Outcome {
    let product = world.product().await?.clone();
    state_is(world, &product, false).await
}

async fn second_is_connected(world: &mut World, _args: Args) -> Outcome {
    let product = world.product().await?.other(SECOND);
    state_is(world, &product, true).await
}

/// A page without its tags.
fn plain(page: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for c in page.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            c if !inside => text.push(c),
            _ => {}
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

async fn refused(world: &mut World, args: Args) -> Outcome {
    let (status, page) =
        world.last_page.clone().ok_or_else(|| Failure::new("nobody has tried to connect"))?;
    let text = plain(&page);
    if status >= 400 && text.contains(args.text(0)) {
        return Ok(());
    }
    let wanted = format!("a page with an error status that contains \"{}\"", args.text(0));
    Err(Failure::mismatch("what the administrator sees", wanted, format!("{status}: {text}")))
}

async fn listed(world: &mut World) -> Result<Vec<String>, Failure> {
    let connection = world.product().await?.get("connection").await?;
    let list = connection["missing_permissions"].as_array().cloned().unwrap_or_default();
    Ok(list.iter().map(cells::text).collect())
}

async fn nothing_missing(world: &mut World, _args: Args) -> Outcome {
    let found = listed(world).await?;
    if found.is_empty() {
        return Ok(());
    }
    Err(Failure::mismatch("the missing permissions", "none", found.join(", ")))
}

async fn missing(world: &mut World, args: Args) -> Outcome {
    let wanted = args.table()?.iter().map(|row| row.join(" ")).collect::<Vec<_>>();
    let found = listed(world).await?;
    if found != wanted {
        return Err(Failure::mismatch("the missing permissions", wanted.join(", "), found.join(", ")));
    }
    let page = world.last_page.as_ref().map(|(_, text)| plain(text)).unwrap_or_default();
    match wanted.iter().find(|name| !page.contains(name.as_str())) {
        Some(unseen) => Err(Failure::mismatch("the page after the login", unseen, page)),
        None => Ok(()),
    }
}

async fn checked(world: &mut World, name: &str) -> Result<(bool, String), Failure> {
    let diagnosis = world.product().await?.get("diagnosis").await?;
    let checks = diagnosis["checks"].as_array().cloned().unwrap_or_default();
    let found = checks.iter().find(|check| check["name"] == name).ok_or_else(|| {
        let known = checks.iter().map(|check| cells::text(&check["name"])).collect::<Vec<_>>();
        Failure::mismatch("a check of the diagnosis", name, known.join(", "))
    })?;
    Ok((found["ok"] == true, cells::text(&found["detail"])))
}

async fn fault_found(world: &mut World, args: Args) -> Outcome {
    let (ok, detail) = checked(world, args.text(0)).await?;
    if !ok && detail.contains(args.text(1)) {
        return Ok(());
    }
    let wanted = format!("it has failed, with \"{}\"", args.text(1));
    let found = if ok { format!("it has passed: {detail}") } else { detail };
    Err(Failure::mismatch(format!("the check \"{}\"", args.text(0)), wanted, found))
}

async fn nothing_wrong(world: &mut World, args: Args) -> Outcome {
    match checked(world, args.text(0)).await? {
        (true, _) => Ok(()),
        (false, detail) => {
            Err(Failure::mismatch(format!("the check \"{}\"", args.text(0)), "it has passed", detail))
        }
    }
}

async fn details(world: &mut World, _args: Args) -> Outcome {
    let rows = world.org.admin.rows("SELECT Id, Name, OrganizationType FROM Organization").await?;
    let org = rows.first().cloned().unwrap_or_default();
    let connection = world.product().await?.get("connection").await?;
    for (what, key, wanted) in [
        ("name", "org_name", &org["Name"]),
        ("edition", "edition", &org["OrganizationType"]),
        ("ID", "org_id", &org["Id"]),
    ] {
        cells::compare(world, &format!("the org's {what}"), &cells::text(wanted), &connection[key]).await?;
    }
    Ok(())
}

async fn time_of(world: &mut World, args: &Args) -> Result<Option<i64>, Failure> {
    let connection = world.product().await?.get("connection").await?;
    let key = super::referrals::snake(args.text(0));
    let value = connection.get(&key).ok_or_else(|| {
        Failure::mismatch(
            "the connection details",
            "Last Salesforce Connection or Last Entry Received",
            args.text(0),
        )
    })?;
    Ok(value
        .as_str()
        .and_then(|text| text.parse::<jiff::Timestamp>().ok())
        .map(jiff::Timestamp::as_millisecond))
}

async fn moment_is(world: &mut World, args: Args) -> Outcome {
    let wanted = args.moment(1)?;
    let found = time_of(world, &args).await?;
    if found == Some(wanted) {
        return Ok(());
    }
    let found = found.map_or_else(|| "empty".to_owned(), crate::story::moment);
    Err(Failure::mismatch(args.text(0), crate::story::moment(wanted), found))
}

async fn moment_is_empty(world: &mut World, args: Args) -> Outcome {
    let found = time_of(world, &args).await?;
    found.map_or(Ok(()), |at| Err(Failure::mismatch(args.text(0), "empty", crate::story::moment(at))))
}
