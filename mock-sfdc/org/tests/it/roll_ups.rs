//! Roll-up summary fields: the parent's sums after whatever happens to its children.

use mock_sfdc_org::{
    error::ErrorCode,
    hooks::HookPoint,
    id::Id,
    state::ChangeKind,
    value::{Value, shown},
    verbs,
};
use proptest::prelude::*;

use crate::world::World;

/// Orders of an account, with lines of their own: a roll-up over a roll-up.
const FIXTURE: &str = r#"{"packages": [{"objects": {
    "Shop_Order__c": {"fields": {
        "Account__c": {"type": "reference", "referenceTo": ["Account"], "relationshipOrder": 0, "updateable": true, "childRelationship": "Orders__r"},
        "Total__c": {"rollUp": {"summaryOperation": "sum", "summarizedField": "Line__c.Amount__c", "summaryForeignKey": "Line__c.Order__c"}},
        "Lines__c": {"rollUp": {"summaryOperation": "count", "summaryForeignKey": "Line__c.Order__c"}},
        "First__c": {"rollUp": {"summaryOperation": "min", "summarizedField": "Line__c.Day__c", "summaryForeignKey": "Line__c.Order__c"}},
        "Most__c": {"rollUp": {"summaryOperation": "max", "summarizedField": "Line__c.Amount__c", "summaryForeignKey": "Line__c.Order__c",
            "summaryFilterItems": [{"field": "Line__c.Paid__c", "operation": "equals", "value": "True"}]}}
    }},
    "Line__c": {"fields": {
        "Order__c": {"type": "reference", "referenceTo": ["Shop_Order__c"], "relationshipOrder": 0, "updateable": true, "childRelationship": "Lines__r"},
        "Amount__c": {"type": "currency"}, "Day__c": {"type": "date"}, "Paid__c": {"type": "boolean"}
    }},
    "Account": {"fields": {
        "Turnover__c": {"rollUp": {"summaryOperation": "sum", "summarizedField": "Shop_Order__c.Total__c", "summaryForeignKey": "Shop_Order__c.Account__c"}},
        "Deals__c": {"rollUp": {"summaryOperation": "count", "summaryForeignKey": "Opportunity.AccountId"}}
    }}
}}]}"#;

struct Shop {
    world: World,
    account: Id,
    order: Id,
}

impl Shop {
    fn new() -> Self {
        let world = World::new(FIXTURE);
        let account = world.create("Account", &[("Name", "Acme")]).unwrap();
        let order = world.create("Shop_Order__c", &[("Account__c", &account.to_string())]).unwrap();
        Self { world, account, order }
    }

    fn line(&self, amount: &str, day: &str, paid: &str) -> Id {
        let order = self.order.to_string();
        let row = [("Order__c", order.as_str()), ("Amount__c", amount), ("Day__c", day), ("Paid__c", paid)];
        self.world.create("Line__c", &row).unwrap()
    }

    /// Total, lines, first and most of the order, and the turnover of its account.
    fn sums(&self) -> [String; 5] {
        let of = |field: &str| self.world.text("Shop_Order__c", self.order, field);
        let turnover = self.world.text("Account", self.account, "Turnover__c");
        [of("Total__c"), of("Lines__c"), of("First__c"), of("Most__c"), turnover]
    }
}

#[test]
fn the_sums_of_nothing() {
    assert_eq!(Shop::new().sums(), ["0", "0", "", "", "0"]);
}

#[test]
fn sums_follow_creates_changes_moves_deletes_and_undeletes_up_to_the_grandparent() {
    let shop = Shop::new();
    let line = shop.line("10.5", "2026-03-02", "true");
    let other = shop.line("20", "2026-03-01", "false");
    assert_eq!(shop.sums(), ["30.5", "2", "2026-03-01", "10.5", "30.5"]);
    shop.world.update("Line__c", other, &[("Amount__c", "7"), ("Paid__c", "true")]).unwrap();
    assert_eq!(shop.sums(), ["17.5", "2", "2026-03-01", "10.5", "17.5"]);
    shop.world.delete("Line__c", line).unwrap();
    assert_eq!(shop.sums(), ["7", "1", "2026-03-01", "7", "7"]);
    shop.world.undelete("Line__c", line).unwrap();
    assert_eq!(shop.sums(), ["17.5", "2", "2026-03-01", "10.5", "17.5"]);

    let away = shop.world.create("Shop_Order__c", &[("Account__c", &shop.account.to_string())]).unwrap();
    shop.world.update("Line__c", line, &[("Order__c", &away.to_string())]).unwrap();
    assert_eq!(shop.sums(), ["7", "1", "2026-03-01", "7", "17.5"]);
    assert_eq!(shop.world.text("Shop_Order__c", away, "Total__c"), "10.5");

    let elsewhere = shop.world.create("Account", &[("Name", "Other")]).unwrap();
    shop.world.update("Shop_Order__c", away, &[("Account__c", &elsewhere.to_string())]).unwrap();
    assert_eq!(shop.sums()[4], "7");
    assert_eq!(shop.world.text("Account", elsewhere, "Turnover__c"), "10.5");
    shop.world.delete("Shop_Order__c", shop.order).unwrap();
    assert_eq!(shop.world.text("Account", shop.account, "Turnover__c"), "0");
}

#[test]
fn a_parent_comes_back_with_sums_of_the_children_that_are_left() {
    let shop = Shop::new();
    let line = shop.line("10", "2026-03-02", "true");
    shop.line("20", "2026-03-01", "true");
    shop.world.delete("Shop_Order__c", shop.order).unwrap();
    shop.world.org.transact(shop.world.admin, |tx| verbs::empty_recycle_bin(tx, line)).unwrap();
    shop.world.undelete("Shop_Order__c", shop.order).unwrap();
    assert_eq!(shop.sums(), ["20", "1", "2026-03-01", "20", "20"]);
}

#[test]
fn a_standard_child_is_summed_up_too() {
    let shop = Shop::new();
    let row = [("Name", "Big"), ("StageName", "Prospecting"), ("CloseDate", "2026-05-01")];
    let mut row = row.to_vec();
    let account = shop.account.to_string();
    row.push(("AccountId", &account));
    let deal = shop.world.create("Opportunity", &row).unwrap();
    assert_eq!(shop.world.text("Account", shop.account, "Deals__c"), "1");
    shop.world.update("Opportunity", deal, &[("AccountId", "")]).unwrap();
    assert_eq!(shop.world.text("Account", shop.account, "Deals__c"), "0");
}

#[test]
fn nobody_writes_a_roll_up() {
    let shop = Shop::new();
    let errors = shop.world.update("Account", shop.account, &[("Turnover__c", "5")]).unwrap_err();
    assert_eq!(errors[0].code, ErrorCode::InvalidFieldForInsertUpdate);
}

#[test]
fn the_parent_is_saved_by_salesforce_and_may_refuse_the_child() {
    let shop = Shop::new();
    let modified = shop.world.text("Account", shop.account, "LastModifiedDate");
    shop.world.org.clock().advance(60_000);
    let from = shop.world.org.snapshot().log().next_seq();
    shop.line("10", "2026-03-02", "true");
    assert_eq!(shop.world.text("Account", shop.account, "LastModifiedDate"), modified);
    assert_ne!(shop.world.text("Account", shop.account, "SystemModstamp"), modified);
    let state = shop.world.org.snapshot();
    let kinds: Vec<_> = state.log().since(from).map(|change| (change.id.prefix(), change.kind)).collect();
    assert_eq!(kinds.len(), 3, "{kinds:?}");
    assert_eq!(kinds.iter().filter(|(_, kind)| *kind == ChangeKind::Updated).count(), 2);

    let refuse = |account: &mut mock_sfdc_org::hooks::HookContext<'_>| {
        if account.get("Turnover__c").as_number() > Some(100.into()) {
            account.add_error("Too much");
        }
    };
    shop.world.org.on_save("Account", HookPoint::BeforeTrigger, "Limit", refuse).unwrap();
    let order = shop.order.to_string();
    let error = shop.world.refused("Line__c", &[("Order__c", &order), ("Amount__c", "91")]);
    assert_eq!(error.1, "Too much");
    assert_eq!(shop.sums()[0], "10", "nothing of it stands");
}

#[derive(Debug, Clone)]
enum Step {
    Add { order: usize, amount: i64, paid: bool },
    Change { line: usize, amount: Option<i64>, paid: bool },
    Move { line: usize, order: usize },
    Delete { line: usize },
    Undelete { line: usize },
    DeleteOrder { order: usize },
    UndeleteOrder { order: usize },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (0..3_usize, -50..50_i64, any::<bool>()).prop_map(|(order, amount, paid)| Step::Add { order, amount, paid }),
        2 => (0..9_usize, proptest::option::of(-50..50_i64), any::<bool>())
            .prop_map(|(line, amount, paid)| Step::Change { line, amount, paid }),
        1 => (0..9_usize, 0..3_usize).prop_map(|(line, order)| Step::Move { line, order }),
        2 => (0..9_usize).prop_map(|line| Step::Delete { line }),
        2 => (0..9_usize).prop_map(|line| Step::Undelete { line }),
        1 => (0..3_usize).prop_map(|order| Step::DeleteOrder { order }),
        1 => (0..3_usize).prop_map(|order| Step::UndeleteOrder { order }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Whatever happens, each order's sums are those of the lines that it has.
    #[test]
    fn sums_are_always_those_of_the_lines(steps in proptest::collection::vec(step(), 1..25)) {
        let world = World::new(FIXTURE);
        let account = world.create("Account", &[("Name", "Acme")]).unwrap().to_string();
        let orders: Vec<Id> =
            (0..3).map(|_| world.create("Shop_Order__c", &[("Account__c", &account)]).unwrap()).collect();
        let mut lines: Vec<Id> = Vec::new();
        for step in steps {
            // What is refused (a parent that is gone, a line that is not there) changes nothing.
            let line = |at: usize| lines.get(at).copied().unwrap_or(orders[0]);
            match step {
                Step::Add { order, amount, paid } => {
                    let (order, amount) = (orders[order].to_string(), amount.to_string());
                    let paid = paid.to_string();
                    let row = [("Order__c", order.as_str()), ("Amount__c", &amount), ("Paid__c", &paid)];
                    lines.extend(world.create("Line__c", &row));
                }
                Step::Change { line: at, amount, paid } => {
                    let amount = amount.map(|amount| amount.to_string()).unwrap_or_default();
                    let _ = world.update("Line__c", line(at), &[("Amount__c", &amount), ("Paid__c", &paid.to_string())]);
                }
                Step::Move { line: at, order } => {
                    let _ = world.update("Line__c", line(at), &[("Order__c", &orders[order].to_string())]);
                }
                Step::Delete { line: at } => drop(world.delete("Line__c", line(at))),
                Step::Undelete { line: at } => drop(world.undelete("Line__c", line(at))),
                Step::DeleteOrder { order } => drop(world.delete("Shop_Order__c", orders[order])),
                Step::UndeleteOrder { order } => drop(world.undelete("Shop_Order__c", orders[order])),
            }
        }
        let state = world.org.snapshot();
        let line = world.object("Line__c");
        let at = |field: &str| line.field(field).unwrap().0;
        for order in orders.into_iter().filter(|order| world.exists(*order)) {
            let own = state.lookup(&line, at("Order__c"), &order.into());
            let amounts = own.iter().filter_map(|row| row.get(at("Amount__c")).as_number());
            let paid = own.iter().filter(|row| row.get(at("Paid__c")).is_true());
            let most = paid.filter_map(|row| row.get(at("Amount__c")).as_number()).max();
            let sums = ["Total__c", "Lines__c", "Most__c"].map(|field| world.text("Shop_Order__c", order, field));
            let expected = [Value::Number(amounts.sum()), Value::Number(own.len().into()), most.map_or(Value::Null, Value::Number)];
            prop_assert_eq!(sums, expected.map(|value| shown(&value)));
        }
    }
}
