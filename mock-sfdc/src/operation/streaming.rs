//! Streaming: Bayeux over HTTP.

use crate::api::streaming;

use super::row::operations;

operations! {
    /// One address, or one a message type.
    pub const ROWS: Streaming = {
    "streaming.cometd"            Any    "/cometd/{apiversion}"                                  Public  later streaming::cometd, [];
    "streaming.cometd.bare"       Any    "/cometd"                                               Public  later streaming::cometd, [];
    "streaming.cometd.replay"     Any    "/cometd/replay/{apiversion}"                           Public  later streaming::cometd, [];
    "streaming.handshake"         Any    "/cometd/{apiversion}/handshake"                        Public  later streaming::cometd, [];
    "streaming.connect"           Any    "/cometd/{apiversion}/connect"                          Public  later streaming::cometd, [];
    "streaming.subscribe"         Any    "/cometd/{apiversion}/subscribe"                        Public  later streaming::cometd, [];
    "streaming.unsubscribe"       Any    "/cometd/{apiversion}/unsubscribe"                      Public  later streaming::cometd, [];
    "streaming.disconnect"        Any    "/cometd/{apiversion}/disconnect"                       Public  later streaming::cometd, [];
    }
}
