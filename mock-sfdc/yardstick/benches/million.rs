//! The figures of the org core: a million leads of fourteen filled fields, against SQLite in memory where there is a yardstick.
//!
//! `cargo bench -p mock-sfdc-yardstick` prints tables of Markdown. `MOCK_SFDC_BENCH_ROWS` sets another number of leads, and
//! words behind `--` choose parts: `start fill create query scan fork notify`.

#![allow(clippy::cast_precision_loss, reason = "figures for people")]

use std::{hint::black_box, time::Duration};

use mimalloc::MiMalloc;
use mock_sfdc_org::{schema::Schema, settings::Settings, soql::Prepared, state::State};
use mock_sfdc_yardstick::{
    leads::{self, KEYS, Key, Lead, SCANS},
    memory::resident,
    ours::Ours,
    race::{Race, median, median_of, shown, time},
    theirs::Theirs,
};

/// Where growth is measured from.
const FEW: u64 = 1_000;
/// The org that is forked.
const FORKED: u64 = 10_000;
/// Keys of one round: more than the nearest caches hold.
const LOOKUPS: u64 = 4_096;
/// Creates of one round.
const CREATES: u64 = 500;

/// The server's. SQLite asks the system, as it does wherever it is.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // `cargo test --benches` only wants to know whether it starts.
    if !arguments.iter().any(|argument| argument == "--bench") {
        return;
    }
    let chosen: Vec<&String> = arguments.iter().filter(|argument| !argument.starts_with('-')).collect();
    let wants = |part: &str| chosen.is_empty() || chosen.iter().any(|chosen| *chosen == part);
    let many = std::env::var("MOCK_SFDC_BENCH_ROWS").ok().and_then(|rows| rows.parse().ok());
    let many: u64 = many.unwrap_or(1_000_000);

    if wants("start") {
        start();
    }
    measure(many, &wants);
    // Last, because what it frees would be taken for memory that nothing needs.
    if wants("notify") {
        notify();
    }
}

fn measure(many: u64, wants: &dyn Fn(&str) -> bool) {
    if !["fill", "create", "query", "scan", "fork"].into_iter().any(wants) {
        return;
    }
    let begun = resident();
    let ours = Ours::new();
    let mut few = None;
    let mut times = Vec::with_capacity(usize::try_from(many).unwrap_or(0));
    for number in 1..=many {
        let lead = Lead::number(number);
        times.push(time(|| ours.create_from(&lead)));
        if number == FEW {
            few = Some(ours.fork());
        }
        if number == FORKED && wants("fork") {
            fork(&ours);
        }
    }
    come_to_rest(&ours);
    let held = resident().saturating_sub(begun).saturating_sub(times.len() as u64 * 8);
    if wants("fill") {
        fill(&times, held);
    }
    let few = few.unwrap_or_else(|| Ours::with_leads(FEW));
    if wants("create") {
        create(&few, &ours, many);
    }
    if wants("query") || wants("scan") {
        let theirs = Theirs::with_leads(many);
        println!("\nSQLite holds the same rows in {:.0} MB.", theirs.bytes() as f64 / 1e6);
        if wants("query") {
            query(&few, &ours, &theirs, many);
        }
        if wants("scan") {
            scan(&ours, &theirs);
        }
    }
}

/// The allocator gives back what was freed some time later, while it is asked for more.
fn come_to_rest(ours: &Ours) {
    for _ in 0..20 {
        std::thread::sleep(Duration::from_millis(100));
        let fork = ours.fork();
        (0..200).for_each(|number| fork.create(number + 2_000_000));
    }
}

fn start() {
    let idle = resident();
    let first = time(|| drop(black_box(Schema::standard())));
    let org = || drop(black_box(State::empty(Schema::standard(), Settings::default())));
    let next = median_of(50, 1, org);
    println!("\n| start | time |\n| --- | --- |");
    println!("| the standard schema, read once a process | {} |", shown(first));
    println!("| an org without records from it | {} |", shown(next));
    println!(
        "\nMemory: {:.1} MB before, {:.1} MB with the schema.",
        idle as f64 / 1e6,
        resident() as f64 / 1e6
    );
}

fn fill(times: &[f64], held: u64) {
    let window = times.len() / 20;
    let at = |from: usize| median(times[from..from + window.max(1)].to_vec());
    println!("\n| filling | |\n| --- | --- |");
    println!("| leads | {} |", times.len());
    println!("| resident memory for them, with log and events | {:.0} MB |", held as f64 / 1e6);
    println!("| a lead | {:.0} bytes |", held as f64 / times.len() as f64);
    println!("| median create, first twentieth | {} |", shown(at(0)));
    println!("| median create, last twentieth | {} |", shown(at(times.len() - window.max(1))));
    let total: f64 = times.iter().sum();
    println!("| creates a second over all | {:.0} |", times.len() as f64 / total);
}

/// Forks of both orgs grow side by side, and are thrown away.
fn create(few: &Ours, many: &Ours, count: u64) {
    let rows: Vec<Lead> = (count + 1..=count + CREATES).map(Lead::number).collect();
    let (small, large) = (few.fork(), many.fork());
    let fill = |ours: &Ours| rows.iter().for_each(|lead| ours.create_from(lead));
    let operations = u32::try_from(CREATES).unwrap_or(u32::MAX);
    // "Theirs" is the large org here.
    let race = Race::run(20, operations, || fill(&small), || fill(&large));
    println!("\n| create of a lead, with an assignment rule and a push topic | time |\n| --- | --- |");
    println!("| among {FEW} leads | {} |", shown(race.ours()));
    println!("| among {count} leads | {}, {:.2} times as long |", shown(race.theirs()), race.ratio());
    println!("| that is, a second on one core | {:.0} |", 1.0 / race.theirs());
}

fn query(few: &Ours, ours: &Ours, theirs: &Theirs, count: u64) {
    println!(
        "\n| indexed query among {count} leads | ours | SQLite | SQLite : ours | {count} : {FEW} leads |"
    );
    println!("| --- | --- | --- | --- | --- |");
    for key in KEYS {
        let numbers: Vec<u64> =
            (0..LOOKUPS).map(|at| 1 + leads::scattered(at * 7_919 + 13) % count.saturating_sub(20)).collect();
        let small: Vec<Prepared> =
            numbers.iter().map(|number| few.prepared(&key.soql(1 + number % (FEW - 20)))).collect();
        let prepared: Vec<Prepared> =
            numbers.iter().map(|number| ours.prepared(&key.soql(*number))).collect();
        let texts: Vec<Option<String>> = numbers.iter().map(|number| key.text(*number)).collect();
        let mut statement = theirs.prepared(key);
        let (mut our_rows, mut their_rows) = (0, 0);
        let operations = u32::try_from(LOOKUPS).unwrap_or(u32::MAX);
        let race = Race::run(
            15,
            operations,
            || our_rows = prepared.iter().map(|query| ours.run(query).bytes).sum(),
            || {
                their_rows = texts
                    .iter()
                    .zip(&numbers)
                    .map(|(text, number)| match text {
                        Some(text) => Theirs::run_text(&mut statement, text).bytes,
                        None => Theirs::run_moments(&mut statement, Key::moments(*number)).bytes,
                    })
                    .sum();
            },
        );
        assert_eq!(our_rows, their_rows, "{key:?}: both sides answer the same");
        let all = |ours: &Ours, queries: &[Prepared]| {
            black_box(queries.iter().map(|query| ours.run(query).bytes).sum::<usize>());
        };
        let growth = Race::run(15, operations, || all(few, &small), || all(ours, &prepared));
        println!(
            "| {} | {} | {} | {:.2} | {:.2} |",
            key.title(),
            shown(race.ours()),
            shown(race.theirs()),
            race.ratio(),
            growth.ratio()
        );
    }
    println!(
        "\nA lookup finds {} leads there and one here; every other key as many as here.",
        count / leads::OWNERS
    );
}

fn scan(ours: &Ours, theirs: &Theirs) {
    println!("\n| without an index | ours | SQLite | SQLite : ours |\n| --- | --- | --- | --- |");
    for scan in SCANS {
        let prepared = ours.prepared(scan.soql);
        let (mut our_rows, mut their_rows) = (0, 0);
        let race = Race::run(
            7,
            1,
            || our_rows = ours.run(&prepared).rows,
            || their_rows = theirs.run(scan.sql).rows,
        );
        assert_eq!(our_rows, their_rows, "{}: both sides answer the same", scan.title);
        println!(
            "| {} | {} | {} | {:.2} |",
            scan.title,
            shown(race.ours()),
            shown(race.theirs()),
            race.ratio()
        );
    }
}

fn fork(ours: &Ours) {
    let state = ours.org.snapshot();
    let lead = Lead::number(FORKED + 1);
    let alone = median_of(50, 20, || (0..20).for_each(|_| drop(black_box(ours.fork_of(&state)))));
    let written = median_of(50, 20, || (0..20).for_each(|_| ours.fork_of(&state).create_from(&lead)));
    println!("\n| fork of an org with {FORKED} leads | time |\n| --- | --- |");
    println!("| the fork | {} |", shown(alone));
    println!("| the fork, the first write to it, and its end | {} |", shown(written));
}

/// What topics cost a commit.
fn notify() {
    const TOPICS: usize = 1_000;
    let mut number = FEW;
    let mut measure = |queries: &[String]| {
        let ours = Ours::with_leads(FEW);
        ours.put_topics(queries);
        median_of(20, 50, || {
            for _ in 0..50 {
                number += 1;
                ours.create(number);
            }
        })
    };
    let city = |at: usize| format!("SELECT Id, Name FROM Lead WHERE City = 'City {at}'");
    let none = measure(&[]);
    let few = measure(&(0..TOPICS).map(city).collect::<Vec<_>>());
    let all = measure(&vec!["SELECT Id, Name FROM Lead".to_owned(); TOPICS]);
    println!("\n| create of a lead while there are | time | for each topic |\n| --- | --- | --- |");
    let each = |time: f64| shown((time - none).max(0.0) / TOPICS as f64);
    println!("| one topic, and it tells | {} | |", shown(none));
    println!("| {TOPICS} more, one or two of them tell | {} | {} |", shown(few), each(few));
    println!("| {TOPICS} more, all tell | {} | {} |", shown(all), each(all));
}
