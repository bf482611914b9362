//! What a topic may ask for.

use mock_sfdc_org::streaming::{self, PushKind};

use super::World;

#[test]
fn a_topic_asks_only_for_what_topics_may_ask_for() {
    let world = World::new();
    for (query, message) in [
        (
            "SELECT Id, Name FROM Lead WHERE Id IN (SELECT LeadId FROM CampaignMember)",
            "semi/anti join sub-selects are not supported",
        ),
        ("SELECT COUNT() FROM Lead", "Aggregate queries are not supported"),
        ("SELECT COUNT(Id) FROM Lead", "Aggregate queries are not supported"),
        ("SELECT MAX(CreatedDate) d FROM Lead GROUP BY City", "Aggregate queries are not supported"),
        ("SELECT Id, Name FROM Lead LIMIT 10", "'LIMIT' is not allowed"),
        ("SELECT Id, Name Called FROM Lead", "only aggregate expressions use field aliasing"),
        ("SELECT Id, Name FROM Lead OFFSET 10", "'OFFSET' is not allowed"),
        ("SELECT Id, Name FROM Lead ORDER BY Name", "'ORDER BY' clause is not allowed"),
        ("SELECT Id, Owner.Name FROM Lead", "relationships are not supported"),
        ("SELECT Id, Name FROM Lead WHERE Owner.Name = 'Ada'", "relationships are not supported"),
        ("SELECT Id, Name, (SELECT Id FROM Contacts) FROM Account", "relationships are not supported"),
        ("SELECT Id, Name FROM Lead WHERE NOT Name = 'Ada'", "'NOT' is not supported"),
        ("SELECT Id, Name FROM Lead WHERE City = 'x' AND (NOT Name = 'Ada')", "'NOT' is not supported"),
        ("SELECT Name FROM Lead", "Id must be in the SELECT list of a push topic's query"),
        ("SELECT Id, Email FROM User", "Push topics do not support the object User"),
        (
            "SELECT Id FROM Lead",
            "NotifyForFields 'Referenced' needs at least one field other than Id in the SELECT list or the WHERE clause",
        ),
        (
            "SELECT Id, Bacon__c FROM Lead",
            "\nSELECT Id, Bacon__c FROM Lead\n           ^\nERROR at Row:1:Column:12\nNo such column 'Bacon__c' on entity 'Lead'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.",
        ),
        (
            "SELECT Id FROM Nonsense",
            "sObject type 'Nonsense' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names.",
        ),
        ("SELEKT", "unexpected token: 'SELEKT'"),
        (
            "SELECT Id, Address FROM Lead",
            "mock-sfdc does not emulate the address field Address in a push topic's SELECT; see docs/FIDELITY.md for what it does",
        ),
        (
            "SELECT Id, Name FROM Lead WHERE Description = 'x'",
            "the textarea field Description can not be filtered on in a push topic's query",
        ),
    ] {
        let fields = [("Name", "T"), ("ApiVersion", "66.0"), ("Query", query)];
        let errors = world.create("PushTopic", &fields).unwrap_err();
        assert_eq!(errors[0].message, message, "{query}");
    }
    assert!(world.org.snapshot().streams().topics().next().is_none());
}

#[test]
fn the_other_fields_of_a_topic_are_checked_too() {
    let world = World::new();
    let query = ("Query", "SELECT Id, Name FROM Lead");
    let topic = world.topic(&[query]);
    let long = "x".repeat(26);
    let duplicate =
        format!("duplicate value found: Name duplicates value on record with id: {}", topic.short());
    for (fields, message) in [
        (
            &[("Name", &*long), ("ApiVersion", "66.0"), query][..],
            &*format!("Topic Name: data value too large: {long} (max length=25)"),
        ),
        (&[("Name", "t"), ("ApiVersion", "66.0"), query], &duplicate),
        (
            &[("Name", "U"), ("ApiVersion", "20.0"), query],
            "API Version: value outside of valid range on numeric field: 20.0",
        ),
        (&[("Name", "U"), query], "Required fields are missing: [ApiVersion]"),
        (
            &[("Name", "U"), ("ApiVersion", "66.0"), query, ("NotifyForFields", "Some")],
            "Notify For Fields: bad value for restricted picklist field: Some",
        ),
        (
            &[("Name", "U"), ("ApiVersion", "66.0"), query, ("NotifyForFields", "Where")],
            "NotifyForFields 'Where' needs at least one field other than Id in the WHERE clause",
        ),
        (
            &[
                ("Name", "U"),
                ("ApiVersion", "66.0"),
                ("Query", "SELECT Id FROM Lead"),
                ("NotifyForFields", "Select"),
            ],
            "NotifyForFields 'Select' needs at least one field other than Id in the SELECT list",
        ),
    ] {
        let errors = world.create("PushTopic", fields).unwrap_err();
        assert_eq!(errors[0].message, message);
    }
    // A topic may be saved again under its own name.
    world.update(topic, &[("Name", "T"), ("Description", "x")]);
}

#[test]
fn an_edition_allows_so_many_topics() {
    let world = World::new();
    let query = ("Query", "SELECT Id, Name FROM Lead");
    for number in 0..40 {
        world
            .create("PushTopic", &[("Name", &*format!("T{number}")), ("ApiVersion", "66.0"), query])
            .unwrap();
    }
    let errors = world.create("PushTopic", &[("Name", "T"), ("ApiVersion", "66.0"), query]).unwrap_err();
    assert_eq!(errors[0].message, "Your organization has reached its limit of 40 push topics");
}

#[test]
fn defaults_are_those_of_the_guide() {
    let world = World::new();
    world.topic(&[("Query", "SELECT Id, Name FROM Lead")]);
    let state = world.org.snapshot();
    let topic = state.streams().topic("/topic/T").unwrap();
    assert!(topic.active);
    assert_eq!(topic.notify_for_fields, streaming::NotifyForFields::Referenced);
    for kind in [PushKind::Created, PushKind::Updated, PushKind::Deleted, PushKind::Undeleted] {
        assert!(topic.tells_of(kind), "{kind:?}");
    }
}
