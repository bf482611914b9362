//! `mock-sfdc serve`: a Salesforce on localhost.

fn main() {}
