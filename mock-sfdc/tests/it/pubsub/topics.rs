//! `GetTopic` and `GetSchema`.

use super::*;

#[tokio::test]
async fn a_topic_says_what_may_be_done_with_it_and_its_schema_is_avro() {
    let mock = org().await;
    let info = topic(&mock, INK).await.unwrap();
    assert_eq!((info.topic_name.as_str(), info.can_publish, info.can_subscribe), (INK, true, true));
    assert_eq!(info.rpc_id.len(), 36);
    let Schema::Record(record) = schema(&mock, &info.schema_id).await else { panic!("no record") };
    assert_eq!(record.name.fullname(None), "com.sforce.eventbus.Low_Ink__e");
    let names: Vec<_> = record.fields.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "CreatedDate",
            "CreatedById",
            "Printer_Model__c",
            "Ink_Percentage__c",
            "Empty_At__c",
            "Day__c",
            "Urgent__c"
        ]
    );
    let leads = topic(&mock, LEADS).await.unwrap();
    assert_eq!((leads.can_publish, leads.can_subscribe), (false, true));
    let all = topic(&mock, "/data/ChangeEvents").await.unwrap();
    assert_eq!((all.can_subscribe, all.schema_id.as_str()), (true, ""));
}

/// The order of fields is what bitmaps count by: these are the guide's samples (`contract/pubsub.md` section 5).
#[tokio::test]
async fn fields_of_change_events_stand_where_the_guide_has_them() {
    let mock = org().await;
    for (object, places) in [
        (
            "Lead",
            [(12, "Status"), (19, "IsConverted"), (23, "ConvertedOpportunityId"), (27, "LastModifiedDate")],
        ),
        ("Account", [(4, "BillingAddress"), (11, "Industry"), (19, "OwnerId"), (22, "LastModifiedDate")]),
        ("Opportunity", [(3, "Name"), (5, "StageName"), (21, "OwnerId"), (28, "ContractId")]),
        ("Contact", [(2, "Name"), (4, "MailingAddress"), (19, "OwnerId"), (34, "IndividualId")]),
    ] {
        let info = topic(&mock, &format!("/data/{object}ChangeEvent")).await.unwrap();
        let Schema::Record(record) = schema(&mock, &info.schema_id).await else { panic!("no record") };
        for (place, name) in places {
            let found = record.fields.iter().position(|field| field.name == name);
            assert_eq!(found, Some(place), "{object}.{name}");
        }
    }
}
