//! Daily measures of society as a whole, by class and by place.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::memory::Slope;
use super::names::Names;
use super::polarization as measure;
use super::table::{Cell, Kind, Table};
use crate::model::World;
use crate::model::agents::OPTIONS;
use crate::model::fixed::{POSITION_UNITS, SHARE_UNITS};
use crate::model::groups::{Counts, Deeds};
use crate::model::power::authority::Authority;
use crate::model::rules::Acts;

/// Days over which volatility is taken.
const VOLATILITY_DAYS: usize = 7;

/// The table `measures`, empty.
pub(super) fn table() -> Table {
    Table::new(
        "measures",
        "measures of society by day and scope",
        &[
            ("replicate", Kind::Int, "", "number of the replicate, from 0"),
            ("day", Kind::Int, "day", "day of the run, from 0"),
            ("date_os", Kind::Text, "", "date in the calendar of the scenario"),
            ("measure", Kind::Text, "", "what is measured"),
            ("scope", Kind::Text, "", "`all`, `class:` or `place:` and a name, `party:` and a name"),
            ("value", Kind::Real, "", "its value; shares are 0..1, strikers and members are agents"),
        ],
    )
}

/// What has to be remembered from day to day.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Society {
    past_shares: VecDeque<Vec<f64>>,
}

impl Society {
    /// Adds the measures of one day.
    #[expect(clippy::too_many_arguments, reason = "what was seen of the day, and where it goes")]
    pub(super) fn record(
        &mut self,
        table: &mut Table,
        replicate: i64,
        day: u32,
        world: &World,
        names: &Names,
        authority: &Authority,
        memory: Option<Slope>,
    ) {
        let rules = world.rules();
        let strata = &world.state().strata;
        let mut push = |name: &str, scope: &str, value: f64| {
            table.push(&[
                Cell::Int(replicate),
                Cell::Int(i64::from(day)),
                Cell::Text(names.dates(day).0),
                Cell::Text(name),
                Cell::Text(scope),
                Cell::Real(value),
            ]);
        };
        let sum_where = |keep: &dyn Fn(usize, usize) -> bool| {
            let mut sum = Counts::default();
            for (stratum, counts) in rules.strata.iter().zip(strata) {
                if keep(stratum.place, stratum.class) {
                    sum.add(counts);
                }
            }
            sum
        };

        let all = sum_where(&|_, _| true);
        scope_measures(&mut push, "all", &all, rules.silent());
        let parties = &all.public[..rules.parties.len()];
        push("effective_parties", "all", measure::effective_parties(parties));
        let spoken: u32 = parties.iter().sum();
        let shares: Vec<f64> = parties.iter().map(|&v| f64::from(v) / f64::from(spoken.max(1))).collect();
        let before = self.past_shares.front().unwrap_or(&shares);
        push("volatility", "all", measure::volatility(before, &shares));
        self.past_shares.push_back(shares);
        if self.past_shares.len() > VOLATILITY_DAYS {
            self.past_shares.pop_front();
        }
        let by_class: Vec<Vec<u64>> = (0..rules.classes.len())
            .map(|class| {
                let counts = sum_where(&|_, c| c == class);
                counts.private[..=rules.none()].iter().map(|&n| u64::from(n)).collect()
            })
            .collect();
        push("sorting", "all", measure::mutual_information(&by_class));
        let choices = ..=rules.none();
        let groups = world.state().collectives.iter().map(|c| &c.counts.private[choices]);
        push("segregation", "all", measure::segregation(groups, &all.private[choices]));
        push("government_authority", "all", authority.government);
        push("soviet_authority", "all", authority.elected);
        let mut locked = vec![0_u32; strata.len()];
        for enterprise in world.state().enterprises.iter().filter(|e| day < e.locked_until) {
            locked[enterprise.stratum as usize] += enterprise.counts.size;
        }
        push("lockouts", "all", f64::from(locked.iter().sum::<u32>()));
        let acts = |acts: Acts| move |class: usize| rules.classes[class].acts == acts;
        for (name, kind) in [("strikers", Acts::Strike), ("refusers", Acts::Refuse), ("seizers", Acts::Seize)]
        {
            let of_kind = acts(kind);
            let counts = sum_where(&|_, c| of_kind(c));
            push(name, "all", f64::from(counts.strikers));
            if kind == Acts::Strike {
                push("first_time_strikers", "all", f64::from(counts.fresh_strikers));
            }
        }
        for party in 0..rules.parties.len() {
            push("members", &format!("party:{}", names.options[party]), f64::from(all.members[party]));
        }
        deeds_measures(&mut push, world, names, &|_| true, "all");
        let propensities = propensities(&world.state().deeds);
        push("fresh_propensity", "all", propensities[0]);
        push("experienced_propensity", "all", propensities[1]);
        attention_measures(&mut push, world, &|_| true, "all");
        camp_measures(&mut push, world, names, None, "all");
        body_measures(&mut push, world, names);
        if let Some(slope) = memory {
            push("warning_slope", "all", slope.value);
            push("warning_slope_error", "all", slope.error);
        }
        for (class, name) in names.classes.iter().enumerate() {
            let scope = format!("class:{name}");
            let counts = sum_where(&|_, c| c == class);
            if counts.size > 0 {
                scope_measures(&mut push, &scope, &counts, rules.silent());
                push("strikers", &scope, f64::from(counts.strikers));
                attention_measures(&mut push, world, &|s| rules.strata[s].class == class, &scope);
                camp_measures(&mut push, world, names, Some(class), &scope);
            }
        }
        for (place, name) in names.places.iter().enumerate() {
            let scope = format!("place:{name}");
            let counts = sum_where(&|p, _| p == place);
            if counts.size > 0 {
                scope_measures(&mut push, &scope, &counts, rules.silent());
                let striking = sum_where(&|p, c| p == place && rules.classes[c].acts == Acts::Strike);
                push("strikers", &scope, f64::from(striking.strikers));
                let share = |part: u32, counts: &Counts| f64::from(counts.share(part));
                push("striking_share", &scope, share(striking.strikers, &striking));
                deeds_measures(&mut push, world, names, &|s| rules.strata[s].place == place, &scope);
                attention_measures(&mut push, world, &|s| rules.strata[s].place == place, &scope);
                grievance_measures(&mut push, world, names, place, &locked, &scope);
            }
        }
        for (region, name) in names.regions.iter().enumerate() {
            let state = &world.state().regions[region];
            let scope = format!("region:{name}");
            push("disillusion", &scope, f64::from(state.disillusion));
            if state.disorder > 0.0 {
                push("disorder", &scope, f64::from(state.disorder));
            }
        }
    }
}

/// Deeds of the strata that `keep` names.
fn deeds_measures(
    push: &mut impl FnMut(&str, &str, f64),
    world: &World,
    names: &Names,
    keep: &dyn Fn(usize) -> bool,
    scope: &str,
) {
    let mut deeds = Deeds::default();
    for (s, own) in world.state().deeds.iter().enumerate() {
        if keep(s) {
            deeds.add(own);
        }
    }
    if let Some(label) = world.climates().iter().find_map(|c| c.label) {
        push(&format!("called:{}", names.options[label.party as usize]), scope, f64::from(deeds.called));
    }
    push("absent", scope, f64::from(deeds.absent));
    push("agitators", scope, f64::from(deeds.agitators));
    push("seizures", scope, f64::from(deeds.seizures));
    push("occupations", scope, f64::from(deeds.occupied));
    if deeds.tied > 0 {
        let mean = deeds.tied_positions as f64 / f64::from(deeds.tied) / f64::from(POSITION_UNITS);
        push("tied_position", scope, mean);
        push("tied_contending", scope, f64::from(deeds.tied_contending) / f64::from(deeds.tied));
    }
    if deeds.gathered > 0 {
        push("gathered", scope, f64::from(deeds.gathered));
        push("gathered_torn", scope, f64::from(deeds.torn));
    }
}

/// Who chooses the party with the widest label, of those right of the middle and of those left of one half.
fn camp_measures(
    push: &mut impl FnMut(&str, &str, f64),
    world: &World,
    names: &Names,
    class: Option<usize>,
    scope: &str,
) {
    let Some(label) = world.climates().iter().find_map(|c| c.label) else { return };
    let mut deeds = Deeds::default();
    for (stratum, own) in world.rules().strata.iter().zip(&world.state().deeds) {
        if class.is_none_or(|c| c == stratum.class) {
            deeds.add(own);
        }
    }
    let party = &names.options[label.party as usize];
    for (side, [all, chosen]) in [("right", deeds.right), ("left", deeds.left)] {
        if all > 0 {
            push(&format!("choice_{side}:{party}"), scope, f64::from(chosen) / f64::from(all));
        }
    }
}

/// Attention, conviction and turnout of the strata that `keep` names, as means over their people.
fn attention_measures(
    push: &mut impl FnMut(&str, &str, f64),
    world: &World,
    keep: &dyn Fn(usize) -> bool,
    scope: &str,
) {
    let turnouts = world.turnouts(world.rules());
    let (mut attention, mut conviction, mut turnout, mut people) = (0.0, 0.0, 0.0, 0.0);
    for (s, counts) in world.state().strata.iter().enumerate() {
        if keep(s) {
            let size = f64::from(counts.size);
            attention += size * f64::from(world.climates()[s].attention) / 65_536.0;
            conviction += counts.conviction_sum as f64 / f64::from(SHARE_UNITS);
            turnout += size * f64::from(turnouts[s]);
            people += size;
        }
    }
    if people > 0.0 {
        push("attention", scope, attention / people);
        push("conviction_mean", scope, conviction / people);
        push("turnout", scope, turnout / people);
    }
}

/// Conditions of the striking classes of a place: grievances and closed gates.
fn grievance_measures(
    push: &mut impl FnMut(&str, &str, f64),
    world: &World,
    names: &Names,
    place: usize,
    locked: &[u32],
    scope: &str,
) {
    let rules = world.rules();
    let strikes = |s: &usize| {
        let stratum = &rules.strata[*s];
        stratum.place == place && rules.classes[stratum.class].acts == Acts::Strike
    };
    let Some(stratum) = (0..rules.strata.len()).find(strikes) else { return };
    let closed: u32 = (0..rules.strata.len()).filter(strikes).map(|s| locked[s]).sum();
    let people: u32 = (0..rules.strata.len()).filter(strikes).map(|s| world.state().strata[s].size).sum();
    push("locked_share", scope, if people > 0 { f64::from(closed) / f64::from(people) } else { 0.0 });
    for (issue, level) in names.issues.iter().zip(&world.climates()[stratum].grievances) {
        push(&format!("grievance:{issue}"), scope, f64::from(*level));
    }
}

/// Bodies that fade, and how size goes with strength.
fn body_measures(push: &mut impl FnMut(&str, &str, f64), world: &World, names: &Names) {
    let rules = world.rules();
    let (mut active, mut founded, mut attendance, mut fading) = (0, 0, 0.0, 0);
    let mut founded_in = vec![0; rules.regions.len()];
    for (index, body) in world.state().bodies.iter().enumerate() {
        let spec = &rules.bodies[body.spec];
        if spec.quorum <= 0.0 && spec.founding.is_none() {
            continue;
        }
        active += u32::from(body.is_active());
        founded += u32::from(body.founded);
        if body.founded {
            attendance += f64::from(body.attendance);
            fading += 1;
        }
        if let Some(region) = world.region_of_body(index) {
            founded_in[region] += u32::from(body.founded);
        }
    }
    if founded > 0 {
        push("active_bodies", "all", f64::from(active));
        push("founded_bodies", "all", f64::from(founded));
        push("attendance", "all", attendance / f64::from(fading));
        for (region, count) in founded_in.into_iter().enumerate().filter(|(_, count)| *count > 0) {
            push("founded_bodies", &format!("region:{}", names.regions[region]), f64::from(count));
        }
    }
    let governing: Vec<_> = world
        .state()
        .bodies
        .iter()
        .filter(|b| {
            (rules.bodies[b.spec].governs || rules.bodies[b.spec].founding.is_some()) && b.is_active()
        })
        .filter(|b| b.size() > 0)
        .collect();
    for (party, name) in names.options[..rules.parties.len()].iter().enumerate() {
        let pairs: Vec<(f64, f64)> =
            governing.iter().map(|b| (f64::from(b.size()).ln(), f64::from(b.share(party)))).collect();
        if let Some(r) = measure::correlation(&pairs) {
            push("size_correlation", &format!("party:{name}"), r);
        }
    }
}

/// Propensity to act of the fresh and of the experienced at equal position: shares by level of position, weighted by
/// how many of both stand there.
fn propensities(all: &[Deeds]) -> [f64; 2] {
    let mut deeds = Deeds::default();
    all.iter().for_each(|d| deeds.add(d));
    let (mut sums, mut weights) = ([0.0, 0.0], 0.0);
    for [fresh, fresh_acting, seasoned, seasoned_acting] in deeds.acting.map(|level| level.map(f64::from)) {
        if fresh > 0.0 && seasoned > 0.0 {
            let weight = fresh + seasoned;
            sums[0] += weight * fresh_acting / fresh;
            sums[1] += weight * seasoned_acting / seasoned;
            weights += weight;
        }
    }
    if weights > 0.0 { sums.map(|s| s / weights) } else { [0.0; 2] }
}

/// Measures that every scope has.
fn scope_measures(push: &mut impl FnMut(&str, &str, f64), scope: &str, counts: &Counts, silent: usize) {
    debug_assert!(silent < OPTIONS, "silent is an option");
    push("position_mean", scope, counts.mean_position());
    push("position_sd", scope, counts.position_sd());
    push("esteban_ray", scope, measure::esteban_ray(&counts.positions));
    push("agreement", scope, measure::agreement(&counts.positions));
    push("bimodality", scope, measure::bimodality(&counts.positions));
    push("share_two_camps", scope, measure::share_in_two_camps(&counts.positions));
    push("silent_share", scope, f64::from(counts.share(counts.public[silent])));
    push("trust_mean", scope, counts.mean_trust());
}
