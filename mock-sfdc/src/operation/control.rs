//! The control API: what a test asks of the mock itself.

use crate::api::control;

use super::row::operations;

operations! {
    /// Under `/_mock`.
    pub const ROWS: Control = {
    "control.index"               Get    "/_mock"                                                Public  now control::index, [];
    "control.ca"                  Get    "/_mock/ca.pem"                                         Public  now control::ca, [];
    "control.orgs.list"           Get    "/_mock/orgs"                                   ControlToken now control::orgs::list, [];
    "control.orgs.create"         Post   "/_mock/orgs"                                   ControlToken now control::orgs::create, [];
    "control.org.get"             Get    "/_mock/orgs/{org}"                             ControlToken now control::orgs::get, [];
    "control.org.delete"          Delete "/_mock/orgs/{org}"                             ControlToken now control::orgs::delete, [];
    "control.org.fork"            Post   "/_mock/orgs/{org}/fork"                        ControlToken now control::orgs::fork, [];
    "control.org.reset"           Post   "/_mock/orgs/{org}/reset"                       ControlToken now control::orgs::reset, [];
    "control.image.export"        Get    "/_mock/orgs/{org}/image"                       ControlToken now control::image::export, [];
    "control.image.import"        Put    "/_mock/orgs/{org}/image"                       ControlToken now control::image::import, [];
    "control.snapshots.list"      Get    "/_mock/orgs/{org}/snapshots"                   ControlToken now control::orgs::snapshots, [];
    "control.snapshots.create"    Post   "/_mock/orgs/{org}/snapshots"                   ControlToken now control::orgs::keep, [];
    "control.snapshot.delete"     Delete "/_mock/orgs/{org}/snapshots/{snapshot}"        ControlToken now control::orgs::forget, [];
    "control.snapshot.restore"    Post   "/_mock/orgs/{org}/snapshots/{snapshot}/restore" ControlToken now control::orgs::restore, [];
    "control.bulk.get"            Get    "/_mock/orgs/{org}/bulk"                        ControlToken now control::bulk::get, [];
    "control.bulk.change"         Patch  "/_mock/orgs/{org}/bulk"                        ControlToken now control::bulk::change, [];
    "control.bulk.advance"        Post   "/_mock/orgs/{org}/bulk/{job}/advance"          ControlToken now control::bulk::advance, [];
    "control.clock.get"           Get    "/_mock/orgs/{org}/clock"                       ControlToken now control::clock::get, [];
    "control.clock.set"           Put    "/_mock/orgs/{org}/clock"                       ControlToken now control::clock::set, [];
    "control.clock.advance"       Post   "/_mock/orgs/{org}/clock/advance"               ControlToken now control::clock::advance, [];
    "control.clock.freeze"        Post   "/_mock/orgs/{org}/clock/freeze"                ControlToken now control::clock::freeze, [];
    "control.clock.resume"        Post   "/_mock/orgs/{org}/clock/resume"                ControlToken now control::clock::resume, [];
    "control.faults.list"         Get    "/_mock/orgs/{org}/faults"                      ControlToken now control::faults::list, [];
    "control.faults.add"          Post   "/_mock/orgs/{org}/faults"                      ControlToken now control::faults::add, [];
    "control.faults.clear"        Delete "/_mock/orgs/{org}/faults"                      ControlToken now control::faults::clear, [];
    "control.faults.unused"       Get    "/_mock/orgs/{org}/faults/unused"               ControlToken now control::faults::unused, [];
    "control.fault.remove"        Delete "/_mock/orgs/{org}/faults/{fault}"              ControlToken now control::faults::remove, [];
    "control.journal.list"        Get    "/_mock/orgs/{org}/journal"                     ControlToken now control::journal::list, ["operation", "object", "contains", "since", "status"];
    "control.journal.clear"       Delete "/_mock/orgs/{org}/journal"                     ControlToken now control::journal::clear, [];
    "control.journal.verify"      Post   "/_mock/orgs/{org}/journal/verify"              ControlToken now control::journal::verify, [];
    "control.changes"             Get    "/_mock/orgs/{org}/changes"                     ControlToken now control::history::changes, ["since", "object", "id"];
    "control.events"              Get    "/_mock/orgs/{org}/events"                      ControlToken now control::history::events, ["channel"];
    "control.mails"               Get    "/_mock/orgs/{org}/mails"                       ControlToken now control::history::mails, [];
    "control.locks.list"          Get    "/_mock/orgs/{org}/locks"                       ControlToken now control::locks::list, [];
    "control.locks.take"          Post   "/_mock/orgs/{org}/locks"                       ControlToken now control::locks::take, [];
    "control.locks.release_all"   Delete "/_mock/orgs/{org}/locks"                       ControlToken now control::locks::release_all, [];
    "control.lock.release"        Delete "/_mock/orgs/{org}/locks/{lock}"                ControlToken now control::locks::release, [];
    "control.outbound.list"       Get    "/_mock/orgs/{org}/outbound"                    ControlToken now control::outbound::list, [];
    "control.outbound.clear"      Delete "/_mock/orgs/{org}/outbound"                    ControlToken now control::outbound::clear, [];
    "control.outbound.deliver"    Post   "/_mock/orgs/{org}/outbound/deliver"            ControlToken later control::outbound::deliver, [];
    "control.outbound.endpoints"  Put    "/_mock/orgs/{org}/outbound/endpoints"          ControlToken now control::outbound::redirect, [];
    "control.saves.get"           Get    "/_mock/orgs/{org}/saves"                       ControlToken now control::saves::get, ["record", "object", "field", "format"];
    "control.saves.keep"          Put    "/_mock/orgs/{org}/saves"                       ControlToken now control::saves::keep, [];
    "control.settings.get"        Get    "/_mock/orgs/{org}/settings"                    ControlToken now control::settings::get, [];
    "control.settings.change"     Patch  "/_mock/orgs/{org}/settings"                    ControlToken now control::settings::change, [];
    "control.streaming.get"       Get    "/_mock/orgs/{org}/streaming"                   ControlToken now control::streaming::get, [];
    "control.streaming.change"    Patch  "/_mock/orgs/{org}/streaming"                   ControlToken now control::streaming::change, [];
    "control.streaming.drop"      Delete "/_mock/orgs/{org}/streaming/clients"           ControlToken now control::streaming::drop_clients, [];
    "control.apps.list"           Get    "/_mock/orgs/{org}/connectedApps"               ControlToken now control::apps::list, [];
    "control.apps.add"            Post   "/_mock/orgs/{org}/connectedApps"               ControlToken now control::apps::add, [];
    "control.app.remove"          Delete "/_mock/orgs/{org}/connectedApps/{clientId}"    ControlToken now control::apps::remove, [];
    "control.transactions.hold"   Post   "/_mock/orgs/{org}/transactions"                ControlToken now control::transactions::hold, [];
    "control.transactions.release" Delete "/_mock/orgs/{org}/transactions/{transaction}"  ControlToken now control::transactions::release, [];
    "control.user.change"         Patch  "/_mock/orgs/{org}/users/{username}"            ControlToken now control::users::change, [];
    "control.sessions.open"       Post   "/_mock/orgs/{org}/sessions"                    ControlToken now control::settings::open_session, [];
    "control.sessions.expire"     Delete "/_mock/orgs/{org}/sessions"                    ControlToken now control::settings::expire_sessions, [];
    }
}
