//! Daily measures of society as a whole, by class and by place.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::names::Names;
use super::polarization as measure;
use super::table::{Cell, Kind, Table};
use crate::model::World;
use crate::model::agents::OPTIONS;
use crate::model::groups::Counts;
use crate::model::power::authority::Authority;

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
    pub(super) fn record(
        &mut self,
        table: &mut Table,
        replicate: i64,
        day: u32,
        world: &World,
        names: &Names,
        authority: &Authority,
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
        let locked: u32 =
            world.state().enterprises.iter().filter(|e| day < e.locked_until).map(|e| e.counts.size).sum();
        push("lockouts", "all", f64::from(locked));
        push("strikers", "all", f64::from(all.strikers));
        push("first_time_strikers", "all", f64::from(all.fresh_strikers));
        for party in 0..rules.parties.len() {
            push("members", &format!("party:{}", names.options[party]), f64::from(all.members[party]));
        }
        for (class, name) in names.classes.iter().enumerate() {
            let scope = format!("class:{name}");
            let counts = sum_where(&|_, c| c == class);
            if counts.size > 0 {
                scope_measures(&mut push, &scope, &counts, rules.silent());
                push("strikers", &scope, f64::from(counts.strikers));
            }
        }
        for (place, name) in names.places.iter().enumerate() {
            let scope = format!("place:{name}");
            let counts = sum_where(&|p, _| p == place);
            if counts.size > 0 {
                scope_measures(&mut push, &scope, &counts, rules.silent());
                push("strikers", &scope, f64::from(counts.strikers));
            }
        }
    }
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
