//! The historical record: mistakes in it are refused with their place, what cannot be used is listed, and what is used is
//! held against the model; parameters are found again from what they produced.
#![allow(missing_docs, reason = "tests")]

use std::path::Path;

use october::experiment::{
    Evaluation, Free, Method, Search, calibrate, hold_against, rows_of_the_fit, show, with_values,
};
use october::scenario::evidence::{Evidence, EvidenceText, Kind, read_evidence};
use october::scenario::{Change, Rejection, SHIPPED_EVIDENCE, Scenario, ledger, load};

const SHIPPED: &str = "russia-1917";

fn scenario(agents: u64) -> Scenario {
    load(Path::new(SHIPPED), &[Change::Agents(agents)]).expect("it ships")
}

fn read(text: &str, scenario: &Scenario) -> Result<Evidence, Box<Rejection>> {
    read_evidence(&[EvidenceText { name: "mine.csv".to_owned(), text: text.to_owned() }], &[], scenario)
}

/// Line, column and message of every mistake.
fn mistakes(text: &str) -> Vec<(usize, usize, String)> {
    let rejection = read(text, &scenario(10_000)).expect_err("it has a mistake");
    rejection
        .diagnostics
        .iter()
        .map(|d| {
            let at = d.at.as_ref().expect("it has a place");
            let (line, column) = rejection.sources.line_and_column(at);
            (line, column, d.message.clone())
        })
        .collect()
}

const BALLOTS: &str = "date_os,place,electorate,party,votes,share_pct,source\n";

#[test]
fn a_missing_column_is_named() {
    let found = mistakes("date_os,place,party,votes,share_pct\n1917-11-12,Tver,kadet,10,5\n");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].0 == 1 && found[0].2.contains("source") && found[0].2.contains("electorate"),
        "{found:?}"
    );
}

#[test]
fn shares_above_a_hundred_and_dates_that_do_not_exist_are_refused_where_they_stand() {
    let text = format!(
        "{BALLOTS}1917-11-12,Kazan,all voters,kadet,,140,x\n1917-02-30,Kazan,all voters,kadet,,10,x\n\
         1917-11-12,Kazan,all voters,kadet,,-3,x\n1917-11-12,Kazan,all voters,kadet,,many,x\n"
    );
    let found = mistakes(&text);
    let places: Vec<(usize, usize)> = found.iter().map(|f| (f.0, f.1)).collect();
    assert_eq!(places, [(2, 36), (3, 1), (4, 36), (5, 36)], "{found:?}");
    assert!(found[1].2.contains("1917-02-30"), "{found:?}");
}

#[test]
fn what_cannot_be_used_is_listed_with_the_reason() {
    let text = format!(
        "{BALLOTS}1917-11-12,Atlantis,all voters,kadet,,40,x\n1917-11-12,Kazan,all voters,royalist,,10,x\n\
         1925-11-12,Kazan,all voters,kadet,,10,x\n1917-11-12,Kazan,all voters,kadet,,10,x\n"
    );
    let evidence = read(&text, &scenario(10_000)).expect("no mistake");
    assert_eq!(evidence.observations.len(), 1);
    let lines: Vec<usize> = evidence.unusable.iter().map(|u| u.line).collect();
    assert_eq!(lines, [2, 3, 4], "{:?}", evidence.unusable);
    assert!(evidence.unusable[0].reason.contains("Atlantis"), "{:?}", evidence.unusable[0]);
    assert!(evidence.unusable[1].reason.contains("royalist"), "{:?}", evidence.unusable[1]);
}

#[test]
fn every_row_that_ships_is_used_or_listed() {
    let scenario = scenario(10_000);
    let texts: Vec<EvidenceText> = SHIPPED_EVIDENCE
        .iter()
        .map(|(name, text)| EvidenceText { name: (*name).to_owned(), text: (*text).to_owned() })
        .collect();
    let evidence = read_evidence(&texts, &[], &scenario).expect("what ships is sound");
    assert!(evidence.observations.len() > 200, "{}", evidence.observations.len());
    for text in &texts {
        let rows = text.text.lines().count() - 1;
        let told = |line: usize| {
            evidence.observations.iter().any(|o| o.file == text.name && o.line == line)
                || evidence.unusable.iter().any(|u| u.file == text.name && u.line == line)
        };
        let told = (2..=rows + 1).filter(|&line| told(line)).count();
        // Rows of one list are added up and go by the first of them.
        assert!(told * 10 >= rows * 8, "{}: {told} of {rows}", text.name);
    }
}

#[test]
fn seats_count_against_those_who_said_what_they_are() {
    let head = "date_os,date_ns,place,body,level,section,item,bolshevik,left_sr,sr,menshevik,other,yes,no,abstain,unit,source\n";
    let row =
        "1917-09-17,,Moscow,Moscow Soviet,city,all,composition of 900 deputies,30,10,40,15,5,,,,seats,x\n";
    let evidence = read(&format!("{head}{row}"), &scenario(10_000)).expect("no mistake");
    let shares: Vec<(String, f64)> =
        evidence.observations.iter().map(|o| (o.party.clone(), o.observed)).collect();
    let expected = [("bolshevik", 30.0), ("left-sr", 10.0), ("sr", 40.0), ("menshevik", 15.0)];
    assert_eq!(shares, expected.map(|(party, share)| (party.to_owned(), share)));
}

#[test]
fn rows_of_the_fit_are_chosen_by_place_and_stay_when_others_are_added() {
    let text = format!(
        "{BALLOTS}1917-11-12,Kazan,all voters,kadet,,10,x\n1917-11-12,Kazan,all voters,bolshevik,,10,x\n\
         1917-11-12,Samara,all voters,kadet,,10,x\n1917-11-12,Saratov,all voters,kadet,,10,x\n"
    );
    let evidence = read(&text, &scenario(10_000)).expect("no mistake");
    let keys = |share: f64, of: &Evidence| -> Vec<String> {
        rows_of_the_fit(&of.observations, &[Kind::Ballot], share, 7).into_iter().map(|o| o.key).collect()
    };
    assert!(keys(0.0, &evidence).is_empty());
    assert_eq!(keys(1.0, &evidence).len(), 4);
    let half = keys(0.5, &evidence);
    let kazan = half.iter().filter(|k| k.contains("Kazan")).count();
    assert!(kazan == 0 || kazan == 2, "a place is fitted whole or not at all: {half:?}");
    let mut fewer = evidence.clone();
    fewer.observations.pop();
    for key in keys(0.5, &fewer) {
        assert!(half.contains(&key));
    }
}

/// A country of one class in two places: what it shows under a parameter is used to find that parameter again.
fn small(base: f64) -> Scenario {
    let change = |text: &str| Change::Set(text.to_owned());
    let changes =
        [Change::Agents(4_000), Change::Days(12), change(&format!("class.townsfolk.base.left={base}"))];
    load(Path::new("tests/common/country.toml"), &changes).expect("the country is sound")
}

fn search<'a>(
    scenario: &'a Scenario,
    free: &'a [Free],
    rows: &'a [october::scenario::evidence::Observation],
    method: Method,
) -> Search<'a> {
    Search { scenario, free, rows, seed: 3, replicates: 1, method, generations: 8, prior: 0.0, threads: 1 }
}

const METHODS: [Method; 2] = [Method::CmaEs { population: 6 }, Method::GaussNewton];

#[test]
fn calibration_finds_a_parameter_from_what_it_produced_and_resumes_to_the_same_end() {
    METHODS.into_iter().for_each(finds_a_parameter);
}

fn finds_a_parameter(method: Method) {
    let truth = small(1.1);
    let text =
        "date_os,place,electorate,party,votes,share_pct,source\n1930-01-10,north,all voters,left,,50,x\n";
    let mut rows = read(text, &truth).expect("no mistake").observations;
    let shown = show(&truth, &rows, 3, 1, 1);
    rows[0].observed = shown[0].values[0];
    let start = small(0.0);
    let free = [Free { key: "class.townsfolk.base.left".to_owned(), low: -1.0, high: 3.0, start: 0.0 }];
    let search = search(&start, &free, &rows, method);
    let mut known: Vec<Evaluation> = Vec::new();
    let whole = calibrate(&search, &[], &mut |generation, fresh| {
        if generation <= 2 {
            known.extend(fresh.iter().cloned());
        }
        true
    })
    .expect("all values are valid");
    let found = with_values(&start, &free, &whole.best.values).expect("valid");
    let again = show(&found, &rows, 3, 1, 1)[0].values[0];
    let before = show(&start, &rows, 3, 1, 1)[0].values[0];
    let error = |v: f64| (v - rows[0].observed).abs();
    assert!(error(again) < 0.4 * error(before), "{before} became {again}, wanted {}", rows[0].observed);
    let resumed = calibrate(&search, &known, &mut |_, _| true).expect("all values are valid");
    assert_eq!(resumed, whole);
}

#[test]
fn a_range_that_leaves_what_is_valid_is_refused_before_the_search() {
    let start = small(0.0);
    let free = [Free { key: "choice.conformity".to_owned(), low: 0.5, high: 90.0, start: 1.0 }];
    let rejection = calibrate(&search(&start, &free, &[], METHODS[0]), &[], &mut |_, _| true)
        .expect_err("90 is too much");
    assert!(rejection.diagnostics[0].message.contains("conformity"));
}

#[test]
fn a_scorecard_marks_what_served_to_fit_and_scores_the_rest() {
    let scenario = scenario(20_000);
    let text = format!(
        "{BALLOTS}1917-06-25,Moscow,all voters,bolshevik,,11.5,x\n1917-06-25,Moscow,all voters,kadet,,16.8,x\n"
    );
    let mut evidence = read(&text, &scenario).expect("no mistake");
    for row in &mut evidence.observations {
        row.fitted = row.party == "kadet";
    }
    let shown = show(&scenario, &evidence.observations, 1, 2, 0);
    let card = hold_against(&scenario, &evidence, &shown);
    assert!(card.rows.iter().all(|r| (0.0..=100.0).contains(&r.simulated)), "{:?}", card.rows);
    assert!(card.rows.iter().all(|r| r.bands[0] <= r.simulated && r.simulated <= r.bands[3]));
    let validation = card.skill().into_iter().find(|s| s.subset == "validation").expect("one row is left");
    assert_eq!(validation.n, 1);
}

#[test]
fn nobody_outside_a_community_chooses_its_list() {
    let scenario = scenario(20_000);
    let text = format!(
        "{BALLOTS}1917-11-12,Vladimir province,all voters,ukrainian,,0,x\n1917-11-12,Poltava,all voters,ukrainian,,50,x\n"
    );
    let text = text.replace("Vladimir province", "Vladimir");
    let evidence = read(&text, &scenario).expect("no mistake");
    let shown = show(&scenario, &evidence.observations, 1, 1, 0);
    let (far, home) = (shown[0].values[0], shown[0].values[1]);
    assert!(far < 2.0 && home > far + 5.0, "Vladimir {far}, Poltava {home}");
}

#[test]
fn every_number_of_what_ships_has_a_source_a_grade_and_a_range() {
    for name in ["russia-1917", "capitals-1917", "petrograd-1917", "flame-1918"] {
        let numbers = ledger(Path::new(name), &[]).expect("it ships");
        assert!(numbers.len() > 500, "{name}: {}", numbers.len());
        for cited in &numbers {
            assert!(cited.is_cited(), "{name}: {} has no source or no grade", cited.key);
            assert!(cited.low <= cited.value && cited.value <= cited.high, "{name}: {}", cited.key);
        }
    }
}
