//! How a row is written, one a line, the same for all faces: name, method, path, who may call, `now` (it answers at once) or `later`
//! (it may wait), the handler, and the query parameters that it knows.

macro_rules! handler {
    (now $handler:path) => {
        $crate::operation::Handler::Now($handler)
    };
    (later $handler:path) => {
        $crate::operation::Handler::Later(|call| Box::pin($handler(call)))
    };
}

macro_rules! operations {
    (
        $(#[$about:meta])*
        pub const $table:ident: $face:ident = {
            $($name:literal $verb:ident $path:literal $access:ident $pace:ident $handler:path, [$($param:literal),*];)*
        }
    ) => {
        $(#[$about])*
        pub const $table: &[$crate::operation::Operation] = &[$($crate::operation::Operation {
            name: $name,
            verb: $crate::operation::Verb::$verb,
            path: $path,
            face: $crate::operation::Face::$face,
            access: $crate::operation::Access::$access,
            params: &[$($param),*],
            handler: $crate::operation::row::handler!($pace $handler),
        }),*];
    };
}

pub(super) use {handler, operations};
