//! The standard objects as people use them: paths up, children down, what a create needs.

use super::{FieldType, Object, Schema};

fn object(schema: &Schema, name: &str) -> Object {
    Object::clone(schema.object(name).unwrap_or_else(|| panic!("no object {name}")))
}

/// Where a path of relationship names leads; a polymorphic step names its object behind a colon.
fn follow(schema: &Schema, path: &str) -> String {
    let mut steps = path.split('.');
    let mut here = object(schema, steps.next().unwrap());
    for step in steps {
        let (relationship, chosen) = step.split_once(':').map_or((step, None), |(r, o)| (r, Some(o)));
        let (_, field) =
            here.parent_relationship(relationship).unwrap_or_else(|| panic!("{path}: no {relationship}"));
        let to = chosen.unwrap_or(field.reference_to[0].as_str());
        assert!(field.refers_to(to), "{path}: {relationship} does not lead to {to}");
        assert_eq!(chosen.is_some(), field.polymorphic_foreign_key, "{path}: {relationship}");
        here = object(schema, to);
    }
    here.name.to_string()
}

#[test]
fn paths_lead_up() {
    let schema = Schema::standard();
    for (path, end) in [
        ("Contact.Account.Owner.Profile.UserLicense", "UserLicense"),
        ("Opportunity.Account.Parent", "Account"),
        ("Opportunity.Campaign.Parent", "Campaign"),
        ("OpportunityContactRole.Opportunity", "Opportunity"),
        ("OpportunityContactRole.contact.ReportsTo", "Contact"),
        ("Lead.Owner:Group", "Group"),
        ("Lead.Owner:User.UserRole", "UserRole"),
        ("Lead.ConvertedAccount", "Account"),
        ("Lead.ConvertedContact", "Contact"),
        ("Lead.ConvertedOpportunity", "Opportunity"),
        ("CampaignMember.Lead", "Lead"),
        ("CampaignMember.Contact.Account", "Account"),
        ("CampaignMember.Campaign.Owner", "User"),
        ("Task.Who:Lead", "Lead"),
        ("Task.What:Opportunity", "Opportunity"),
        ("Event.Who:Contact", "Contact"),
        ("Case.Contact.Account", "Account"),
        ("User.Manager", "User"),
        ("GroupMember.Group", "Group"),
        ("QueueSobject.Queue", "Group"),
        ("PermissionSetAssignment.PermissionSet.Profile", "Profile"),
        ("PermissionSetAssignment.Assignee", "User"),
        ("ContentDocumentLink.ContentDocument.LatestPublishedVersion", "ContentVersion"),
        ("OpportunityLineItem.PricebookEntry.Product2", "Product2"),
        ("PricebookEntry.Pricebook2", "Pricebook2"),
        ("Attachment.Parent:Case", "Case"),
        ("CaseComment.Parent.CreatedBy", "User"),
    ] {
        assert_eq!(follow(&schema, path), end, "{path}");
    }
}

#[test]
fn children_hang_below() {
    let schema = Schema::standard();
    for (parent, children) in [
        (
            "Account",
            "Contacts Opportunities Cases Tasks Events Notes Attachments ChildAccounts ContentDocumentLinks",
        ),
        ("Contact", "Cases CampaignMembers OpportunityContactRoles Tasks Events Opportunities"),
        ("Lead", "CampaignMembers Tasks Events Notes Attachments"),
        ("Opportunity", "OpportunityContactRoles OpportunityLineItems OpportunityHistories Tasks Events"),
        ("Case", "CaseComments EmailMessages Cases Tasks"),
        ("Campaign", "CampaignMembers CampaignMemberStatuses ChildCampaigns Opportunities"),
        ("Group", "GroupMembers QueueSobjects"),
        ("PermissionSet", "Assignments"),
        ("User", "PermissionSetAssignments ManagedUsers"),
        ("Profile", "Users"),
        ("Product2", "PricebookEntries"),
        ("ContentDocument", "ContentVersions ContentDocumentLinks"),
    ] {
        for child in children.split(' ') {
            assert!(object(&schema, parent).child_relationship(child).is_some(), "{parent}.{child}");
        }
    }
}

/// contract/rest.md section 2: createable, not nillable, not defaulted.
#[test]
fn a_create_needs_these_fields() {
    let schema = Schema::standard();
    for (name, needed) in [
        ("Account", "Name"),
        ("Contact", "LastName"),
        ("Lead", "LastName Company"),
        ("Opportunity", "Name StageName CloseDate"),
        ("OpportunityContactRole", "OpportunityId ContactId"),
        ("Case", ""),
        ("Event", ""),
        ("Task", ""),
        ("Campaign", "Name"),
        ("CampaignMember", "CampaignId"),
        ("CampaignMemberStatus", "CampaignId Label"),
        ("PushTopic", "Name Query ApiVersion"),
        ("GroupMember", "GroupId UserOrGroupId"),
        ("QueueSobject", "QueueId SobjectType"),
        ("PermissionSetAssignment", "PermissionSetId AssigneeId"),
    ] {
        let object = object(&schema, name);
        let found: Vec<&str> = object
            .fields
            .iter()
            .filter(|field| field.required_on_create())
            .map(|f| f.name.as_str())
            .collect();
        assert_eq!(found.join(" "), needed, "{name}");
    }
}

#[test]
fn every_object_is_sound() {
    let schema = Schema::standard();
    for object in schema.objects() {
        let name = &object.name;
        assert!(object.fields[0].kind == FieldType::Id, "{name} begins with its Id");
        assert!(object.fields.iter().filter(|field| field.name_field).count() <= 1, "{name} has one name");
        assert!(
            object.fields.iter().filter(|field| field.kind == FieldType::Id).count() == 1,
            "{name} has one Id"
        );
        for field in &object.fields {
            let place = format!("{name}.{}", field.name);
            assert_eq!(field.kind == FieldType::Reference, !field.reference_to.is_empty(), "{place}");
            let lists = field.kind == FieldType::Picklist || field.picklist_values.is_empty();
            assert!(lists || field.kind.is_picklist(), "{place}");
            assert!(!field.kind.is_text() || field.length > 0, "{place} has no length");
            assert!(!(field.nillable && field.kind == FieldType::Boolean), "{place}");
            assert!(field.picklist_values.iter().filter(|value| value.default_value).count() <= 1, "{place}");
        }
        assert_eq!(schema.by_index(object.index).unwrap().name, object.name);
    }
}

#[test]
fn prefixes_find_their_object() {
    let schema = Schema::standard();
    for (prefix, name) in [
        (b"001", "Account"),
        (b"003", "Contact"),
        (b"00Q", "Lead"),
        (b"006", "Opportunity"),
        (b"00G", "Group"),
        (b"005", "User"),
        (b"0IF", "PushTopic"),
        (b"01J", "LeadStatus"),
    ] {
        assert_eq!(schema.by_prefix(*prefix).unwrap().name, name);
    }
    assert!(schema.by_prefix(*b"zzz").is_none());
}

/// contract/rest.md section 2: companions are listed with their parent, and its children are found through it.
#[test]
fn companions_hang_on_their_parents() {
    let schema = Schema::standard();
    for (parent, companion, children) in [
        ("Account", "AccountHistory", Some("Histories")),
        ("Account", "AccountShare", Some("Shares")),
        ("Account", "AccountFeed", Some("Feeds")),
        ("Account", "AccountChangeEvent", None),
        ("Opportunity", "OpportunityFieldHistory", Some("Histories")),
        ("Case", "CaseHistory", Some("Histories")),
        ("User", "UserShare", Some("Shares")),
    ] {
        let found = object(&schema, companion);
        assert_eq!(found.associate_parent_entity.as_ref().map(crate::name::Name::as_str), Some(parent));
        if let Some(children) = children {
            let parent = object(&schema, parent);
            assert_eq!(parent.child_relationship(children).unwrap().child_sobject.as_str(), companion);
        }
    }
    assert!(!object(&schema, "LeadChangeEvent").queryable);
    assert!(object(&schema, "LeadChangeEvent").field("Company").is_some());
}
