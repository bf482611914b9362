//! What is asked for and stands in no table: rows for it all the same, since it is journalled and refused like any other.

use crate::api::{control, rest};

use super::{Access, Face, Handler, Operation, Verb};

/// What no row answers. Salesforce asks for a session before it says that a resource does not exist.
pub static NO_RESOURCE: Operation = Operation {
    name: "rest.unknown_resource",
    verb: Verb::Any,
    path: "/services/data/{version}/{*rest}",
    face: Face::Rest,
    access: Access::Session,
    params: &["*"],
    handler: Handler::Now(rest::no_resource),
};

/// A path outside of every face.
pub static NO_PATH: Operation = Operation {
    name: "unknown_path",
    path: "/{*rest}",
    access: Access::Public,
    face: Face::Rest,
    verb: Verb::Any,
    params: &["*"],
    handler: Handler::Now(rest::no_resource),
};

/// What the control API does not have, be it the path or the method.
pub static NO_CONTROL: Operation = Operation {
    name: "control.unknown",
    path: "/_mock/{*rest}",
    access: Access::ControlToken,
    face: Face::Control,
    verb: Verb::Any,
    params: &["*"],
    handler: Handler::Now(control::nothing),
};

/// A path that is known, with a method that it does not have.
pub static NO_METHOD: Operation = Operation {
    name: "rest.unknown_method",
    path: "/{*rest}",
    access: Access::Public,
    face: Face::Rest,
    verb: Verb::Any,
    params: &["*"],
    handler: Handler::Now(rest::no_method),
};
