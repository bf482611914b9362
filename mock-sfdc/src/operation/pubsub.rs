//! The Pub/Sub API.

use crate::api::pubsub;

use super::row::operations;

operations! {
    /// gRPC on a port of its own; these are the names of its methods for faults and the journal.
    pub const ROWS: PubSub = {
    "pubsub.getTopic"             Post   "/eventbus.v1.PubSub/GetTopic"                          Public  now pubsub::elsewhere, ["*"];
    "pubsub.getSchema"            Post   "/eventbus.v1.PubSub/GetSchema"                         Public  now pubsub::elsewhere, ["*"];
    "pubsub.publish"              Post   "/eventbus.v1.PubSub/Publish"                           Public  now pubsub::elsewhere, ["*"];
    "pubsub.publishStream"        Post   "/eventbus.v1.PubSub/PublishStream"                     Public  now pubsub::elsewhere, ["*"];
    "pubsub.subscribe"            Post   "/eventbus.v1.PubSub/Subscribe"                         Public  now pubsub::elsewhere, ["*"];
    "pubsub.managedSubscribe"     Post   "/eventbus.v1.PubSub/ManagedSubscribe"                  Public  now pubsub::elsewhere, ["*"];
    }
}
