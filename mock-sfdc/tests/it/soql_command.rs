//! `mock-sfdc soql` as a shell sees it.

use std::{
    io::Write,
    process::{Command, Stdio},
};

/// Exit code and standard output.
fn soql(arguments: &[&str], input: &str) -> (i32, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_mock-sfdc"))
        .arg("soql")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

fn demo() -> String {
    format!("{}/../fixtures/orgs/demo.json", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn check_reads_lines_and_json_and_says_which_are_valid() {
    let queries =
        "SELECT Id FROM Anything\n\n{\"soql\":\"SELECT FROM\",\"x\":1}\nFIND {acme} RETURNING Contact\n";
    let (code, text) = soql(&["check"], queries);
    assert_eq!(
        (code, text.as_str()),
        (
            1,
            "-:3: MALFORMED_QUERY: \nSELECT FROM\n      ^\nERROR at Row:1:Column:7\nunexpected token: 'FROM'\n2 valid, 1 not\n"
        )
    );
    let (code, text) = soql(&["check", "--format", "json"], "SELECT FROM\nSELECT Id FROM Anything\n");
    assert_eq!(code, 1);
    let rows: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(
        rows,
        [
            serde_json::json!({"soql": "SELECT FROM", "valid": false, "errorCode": "MALFORMED_QUERY", "line": 1, "column": 7,
                   "message": "\nSELECT FROM\n      ^\nERROR at Row:1:Column:7\nunexpected token: 'FROM'"}),
            serde_json::json!({"soql": "SELECT Id FROM Anything", "valid": true}),
        ]
    );
}

#[test]
fn check_binds_names_to_an_org() {
    let demo = demo();
    let (code, text) =
        soql(&["check", "--org", &demo], "SELECT Id FROM Account\nSELECT Nothing FROM Account\n");
    assert_eq!(code, 1);
    assert!(text.contains("-:2: INVALID_FIELD: \nSELECT Nothing FROM Account\n       ^\n"), "{text}");
    assert_eq!(soql(&["check", "--org", &demo], "SELECT Id FROM Account\n").0, 0);
    assert_eq!(soql(&["check", "no/such/file"], "").0, 2);
    assert_eq!(soql(&["check"], "{\"sql\": 1}\n").0, 2);
}

#[test]
fn explain_says_which_condition_removed_the_last_row() {
    let query = "SELECT Id FROM User WHERE IsActive = true AND Username LIKE '%nobody%' AND Name != 'x'";
    let (code, text) = soql(&["explain", query, "--format", "json"], "");
    assert_eq!(code, 0, "{text}");
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(json["total"], 0);
    assert_eq!(json["plan"], "walk all rows of User");
    assert_eq!(json["emptiedBy"], "Username LIKE '%nobody%'");
    assert_eq!(json["conditions"][1]["left"], 0);
    let (code, text) = soql(&["explain", query], "");
    assert_eq!(code, 0);
    assert!(text.ends_with("nothing is left because no row fulfils: Username LIKE '%nobody%'\n"), "{text}");
    assert_eq!(soql(&["explain", "SELECT"], "").0, 1);
}
