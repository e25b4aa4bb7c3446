//! Daily measures of society as a whole, by class and by place.

use std::collections::VecDeque;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::memory::Slope;
use super::names::Names;
use super::polarization as measure;
use super::table::{Cell, Kind, Table};
use crate::engine::Threads;
use crate::model::agents::OPTIONS;
use crate::model::climate::Label;
use crate::model::fixed::{POSITION_UNITS, SHARE_UNITS};
use crate::model::groups::{Counts, Deeds};
use crate::model::institutions::BodySpec;
use crate::model::power::authority::Authority;
use crate::model::rules::Acts;
use crate::model::{Crew, World};

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
        let same = [Cell::Int(replicate), Cell::Int(i64::from(day)), Cell::Text(names.dates(day).0)];
        let mut push = |name: &str, scope: &str, value: f64| {
            table.push_alike(&same, [[Cell::Text(name), Cell::Text(scope), Cell::Real(value)]].into_iter());
        };
        let seen = Seen::of(world);

        let all = &seen.all.counts;
        scope_measures(&mut push, "all", all, rules.silent());
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
        let choices =
            |counts: &Counts| counts.private[..=rules.none()].iter().map(|&n| u64::from(n)).collect();
        let by_class: Vec<Vec<u64>> = seen.classes.iter().map(|class| choices(&class.counts)).collect();
        push("sorting", "all", measure::mutual_information(&by_class));
        let choices = ..=rules.none();
        // Both walk through all workplaces, of which there are many.
        let segregation = || {
            let groups = &world.state().collectives;
            measure::segregation(groups, |c| &c.counts.private[choices], &all.private[choices], &Threads)
        };
        let lockouts = || {
            let mut locked = vec![0_u32; strata.len()];
            for enterprise in world.state().enterprises.iter().filter(|e| day < e.locked_until) {
                locked[enterprise.stratum as usize] += enterprise.counts.size;
            }
            locked
        };
        let (segregation, locked) = Threads.join(segregation, lockouts);
        push("segregation", "all", segregation);
        push("government_authority", "all", authority.government);
        push("soviet_authority", "all", authority.elected);
        push("lockouts", "all", f64::from(locked.iter().sum::<u32>()));
        for (name, kind) in [("strikers", Acts::Strike), ("refusers", Acts::Refuse), ("seizers", Acts::Seize)]
        {
            let of_kind = || rules.classes.iter().zip(&seen.classes).filter(|(class, _)| class.acts == kind);
            push(name, "all", f64::from(of_kind().map(|(_, class)| class.counts.strikers).sum::<u32>()));
            if kind == Acts::Strike {
                let fresh: u32 = of_kind().map(|(_, class)| class.counts.fresh_strikers).sum();
                push("first_time_strikers", "all", f64::from(fresh));
            }
        }
        for party in 0..rules.parties.len() {
            push("members", &format!("party:{}", names.options[party]), f64::from(all.members[party]));
        }
        deeds_measures(&mut push, &seen, names, &seen.all.deeds, "all");
        let propensities = propensities(&seen.all.deeds);
        push("fresh_propensity", "all", propensities[0]);
        push("experienced_propensity", "all", propensities[1]);
        seen.all.push_attention(&mut push, "all");
        camp_measures(&mut push, &seen, names, &seen.all.deeds, "all");
        body_measures(&mut push, world, names);
        if let Some(slope) = memory {
            push("warning_slope", "all", slope.value);
            push("warning_slope_error", "all", slope.error);
        }
        for (class, name) in seen.classes.iter().zip(&names.classes).filter(|(c, _)| c.counts.size > 0) {
            let scope = format!("class:{name}");
            scope_measures(&mut push, &scope, &class.counts, rules.silent());
            push("strikers", &scope, f64::from(class.counts.strikers));
            class.push_attention(&mut push, &scope);
            camp_measures(&mut push, &seen, names, &class.deeds, &scope);
        }
        for (index, (place, name)) in seen.places.iter().zip(&names.places).enumerate() {
            if place.counts.size == 0 {
                continue;
            }
            let scope = format!("place:{name}");
            scope_measures(&mut push, &scope, &place.counts, rules.silent());
            let [strikers, of] = seen.striking[index];
            push("strikers", &scope, f64::from(strikers));
            let share = if of == 0 { 0.0 } else { strikers as f32 / of as f32 };
            push("striking_share", &scope, f64::from(share));
            deeds_measures(&mut push, &seen, names, &place.deeds, &scope);
            place.push_attention(&mut push, &scope);
            grievance_measures(&mut push, world, names, seen.strata_of[index].clone(), &locked, &scope);
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

/// What the measures of one scope are taken from.
#[derive(Clone, Default)]
struct ScopeSums {
    counts: Counts,
    deeds: Deeds,
    /// Sums over people.
    attention: f64,
    conviction: f64,
    turnout: f64,
    people: f64,
}

impl ScopeSums {
    /// Adds a stratum; strata come in their order, since sums of reals depend on it.
    fn add(&mut self, counts: &Counts, deeds: &Deeds, attention: u32, turnout: f32) {
        let size = f64::from(counts.size);
        self.counts.add(counts);
        self.deeds.add(deeds);
        self.attention += size * f64::from(attention) / 65_536.0;
        self.conviction += counts.conviction_sum as f64 / f64::from(SHARE_UNITS);
        self.turnout += size * f64::from(turnout);
        self.people += size;
    }

    /// Attention, conviction and turnout, as means over people.
    fn push_attention(&self, push: &mut impl FnMut(&str, &str, f64), scope: &str) {
        if self.people > 0.0 {
            push("attention", scope, self.attention / self.people);
            push("conviction_mean", scope, self.conviction / self.people);
            push("turnout", scope, self.turnout / self.people);
        }
    }
}

/// All scopes, summed up in one walk over the strata.
struct Seen {
    all: ScopeSums,
    classes: Vec<ScopeSums>,
    places: Vec<ScopeSums>,
    /// By place: who strikes, and all in classes that strike.
    striking: Vec<[u32; 2]>,
    /// The strata of each place; they stand in the order of places.
    strata_of: Vec<Range<usize>>,
    /// Who is called by the name of a party today, if anybody is.
    label: Option<Label>,
}

impl Seen {
    fn of(world: &World) -> Self {
        let rules = world.rules();
        let state = world.state();
        let mut seen = Self {
            all: ScopeSums::default(),
            classes: vec![ScopeSums::default(); rules.classes.len()],
            places: vec![ScopeSums::default(); rules.places.len()],
            striking: vec![[0; 2]; rules.places.len()],
            strata_of: vec![0..0; rules.places.len()],
            label: world.climates().iter().find_map(|c| c.label),
        };
        let turnouts = world.turnouts(rules);
        for (s, stratum) in rules.strata.iter().enumerate() {
            let (counts, deeds) = (&state.strata[s], &state.deeds[s]);
            let attention = world.climates()[s].attention;
            let (class, place) = (&mut seen.classes[stratum.class], &mut seen.places[stratum.place]);
            for scope in [&mut seen.all, class, place] {
                scope.add(counts, deeds, attention, turnouts[s]);
            }
            if rules.classes[stratum.class].acts == Acts::Strike {
                let [strikers, of] = &mut seen.striking[stratum.place];
                *strikers += counts.strikers;
                *of += counts.size;
            }
            let range = &mut seen.strata_of[stratum.place];
            *range = if range.start == range.end { s..s + 1 } else { range.start..s + 1 };
        }
        seen
    }
}

/// Deeds of a scope.
fn deeds_measures(
    push: &mut impl FnMut(&str, &str, f64),
    seen: &Seen,
    names: &Names,
    deeds: &Deeds,
    scope: &str,
) {
    if let Some(label) = seen.label {
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
    seen: &Seen,
    names: &Names,
    deeds: &Deeds,
    scope: &str,
) {
    let Some(label) = seen.label else { return };
    let party = &names.options[label.party as usize];
    for (side, [all, chosen]) in [("right", deeds.right), ("left", deeds.left)] {
        if all > 0 {
            push(&format!("choice_{side}:{party}"), scope, f64::from(chosen) / f64::from(all));
        }
    }
}

/// Conditions of the striking classes of a place: grievances and closed gates.
fn grievance_measures(
    push: &mut impl FnMut(&str, &str, f64),
    world: &World,
    names: &Names,
    strata: Range<usize>,
    locked: &[u32],
    scope: &str,
) {
    let rules = world.rules();
    let strikes = |s: &usize| rules.classes[rules.strata[*s].class].acts == Acts::Strike;
    let Some(stratum) = strata.clone().find(strikes) else { return };
    let closed: u32 = strata.clone().filter(strikes).map(|s| locked[s]).sum();
    let people: u32 = strata.filter(strikes).map(|s| world.state().strata[s].size).sum();
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
    for (index, body) in world.bodies_where(BodySpec::can_lapse_or_be_founded) {
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
        .bodies_where(|spec| spec.governs || spec.founding.is_some())
        .filter(|(_, b)| b.is_active() && b.size() > 0)
        .map(|(_, b)| (f64::from(b.size()).ln(), b))
        .collect();
    let mut pairs: Vec<(f64, f64)> = Vec::with_capacity(governing.len());
    for (party, name) in names.options[..rules.parties.len()].iter().enumerate() {
        pairs.clear();
        pairs.extend(governing.iter().map(|(size, b)| (*size, f64::from(b.share(party)))));
        if let Some(r) = measure::correlation(&pairs) {
            push("size_correlation", &format!("party:{name}"), r);
        }
    }
}

/// Propensity to act of the fresh and of the experienced at equal position: shares by level of position, weighted by
/// how many of both stand there.
fn propensities(deeds: &Deeds) -> [f64; 2] {
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
