//! What is counted of platform and change events between requests: deliveries of the day over all subscribers, and which
//! managed subscriptions somebody listens to. Like sessions it belongs to the face: a fork starts without.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
};

use mock_sfdc_org::value::DateTime;

use crate::orgs::Tenant;

const HOUR: i64 = 3_600_000;

#[derive(Debug, Default)]
pub struct Bus {
    /// By the hour in which they were handed out.
    deliveries: Mutex<BTreeMap<i64, u64>>,
    /// By their developer names.
    active: Mutex<BTreeSet<String>>,
}

impl Bus {
    /// Counts what is about to be handed out; false when that is more than 24 hours allow, and nothing is counted then.
    pub(crate) fn deliver(&self, many: usize, allowed: u64, now: DateTime) -> bool {
        let hour = now.millis().div_euclid(HOUR);
        let mut deliveries = self.deliveries.lock().unwrap_or_else(PoisonError::into_inner);
        deliveries.retain(|known, _| *known > hour - 24);
        let many = u64::try_from(many).unwrap_or(u64::MAX);
        if deliveries.values().sum::<u64>().saturating_add(many) > allowed {
            return false;
        }
        *deliveries.entry(hour).or_default() += many;
        true
    }
}

/// A managed subscription in use, until this is dropped.
#[derive(Debug)]
pub struct Active {
    tenant: Arc<Tenant>,
    name: String,
}

impl Active {
    /// None while somebody else has it.
    pub(crate) fn claim(tenant: &Arc<Tenant>, name: &str) -> Option<Self> {
        let mut active = tenant.streaming.bus.active.lock().unwrap_or_else(PoisonError::into_inner);
        active.insert(name.to_owned()).then(|| Self { tenant: Arc::clone(tenant), name: name.to_owned() })
    }
}

impl Drop for Active {
    fn drop(&mut self) {
        let mut active = self.tenant.streaming.bus.active.lock().unwrap_or_else(PoisonError::into_inner);
        active.remove(&self.name);
    }
}
