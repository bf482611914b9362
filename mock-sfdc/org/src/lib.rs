pub mod name;
pub mod schema;
