//! One history up to a date, several futures from the same state.

use std::sync::atomic::{AtomicBool, Ordering};

use super::ensemble::{Plan, Progress, Wish, share_out};
use super::run::Replicate;
use crate::observers::table::TableSet;
use crate::scenario::Scenario;

/// A future and the day on which it leaves the trunk.
#[derive(Clone, Debug)]
pub struct Branch {
    /// First day on which it differs.
    pub day: u32,
    /// The scenario, in which something changes on that day.
    pub scenario: Scenario,
}

/// Runs `plan` over `trunk`, and from the day of each of `branches` on over that too, from the very state in which the
/// trunk stands. Hands the tables of the trunk (0) and of every branch (from 1) to `consume`, replicate by replicate.
///
/// A branch comes out as if it had been run alone from the first day. Replicates before `first` are left out. Returns the
/// number of the first replicate that was not handed on, which is that of the plan's replicates unless `listen` stopped it.
///
/// # Errors
/// The first that `consume` gives.
pub fn run_forks<E: Send>(
    trunk: &Scenario,
    branches: &[Branch],
    plan: Plan,
    first: u64,
    listen: &(dyn Fn(Progress) -> Wish + Sync),
    consume: &mut (dyn FnMut(usize, u64, TableSet) -> Result<(), E> + Send),
) -> Result<u64, E> {
    let stopped = AtomicBool::new(false);
    let agents = trunk.population().agents;
    let go_on = |replicate: &Replicate| {
        let progress =
            Progress { replicate: replicate.number(), day: Some(replicate.next_day() - 1), agents };
        if stopped.load(Ordering::SeqCst) || listen(progress) == Wish::Stop {
            stopped.store(true, Ordering::SeqCst);
        }
        !stopped.load(Ordering::SeqCst)
    };
    let work = |index: usize| -> Option<Vec<TableSet>> {
        if stopped.load(Ordering::SeqCst) {
            return None;
        }
        let mut futures: Vec<Option<TableSet>> = vec![None; branches.len()];
        let mut replicate = Replicate::new(trunk, plan.seed, first + index as u64);
        while !replicate.is_over() {
            for (branch, future) in branches.iter().zip(&mut futures) {
                if branch.day == replicate.next_day() {
                    let mut other = Replicate::thaw(&branch.scenario, plan.seed, replicate.freeze());
                    while !other.is_over() {
                        other.step();
                        if !go_on(&other) {
                            return None;
                        }
                    }
                    *future = Some(other.finish());
                }
            }
            replicate.step();
            if !go_on(&replicate) {
                return None;
            }
        }
        let mut all = vec![replicate.finish()];
        all.extend(futures.into_iter().flatten());
        Some(all)
    };
    let (mut failure, mut next) = (None, first);
    let take = |index: usize, result: Option<Vec<TableSet>>| {
        // What comes after a gap is run again.
        let Some(all) = result.filter(|_| next == first + index as u64 && failure.is_none()) else { return };
        for (branch, tables) in all.into_iter().enumerate() {
            if let Err(error) = consume(branch, next, tables) {
                failure = Some(error);
                stopped.store(true, Ordering::SeqCst);
                return;
            }
        }
        next += 1;
    };
    share_out(trunk, plan.replicates.saturating_sub(first) as usize, plan.threads, work, take);
    failure.map_or(Ok(next), Err)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{Ended, run_ensemble};
    use crate::scenario::{Change, default_scenario};

    #[test]
    fn a_branch_is_what_it_would_have_been_alone_and_the_trunk_too() {
        let changes = [Change::Agents(2_000), Change::Days(20), Change::Replicates(2)];
        let scenario = default_scenario(&changes).expect("it ships valid");
        let settings = [("calm", 6, "attitude.rate=0.0"), ("loud", 11, "choice.conformity=0.2")];
        let scenario = scenario
            .with_forks(
                &settings
                    .map(|(name, day, set)| (name.to_owned(), scenario.date_of(day), vec![set.to_owned()])),
            )
            .expect("valid");
        let trunk = scenario.trunk().expect("valid");
        let branches: Vec<Branch> = scenario
            .forks()
            .iter()
            .map(|fork| Branch { day: fork.day, scenario: scenario.branch(fork).expect("valid") })
            .collect();
        let plan = Plan { seed: 5, replicates: 2, threads: 2 };
        let mut found: Vec<Vec<TableSet>> = vec![Vec::new(); 3];
        // As if it had been interrupted after the first replicate.
        for (replicates, first) in [(1, 0), (2, 1)] {
            let plan = Plan { replicates, ..plan };
            let listen = |_| Wish::Continue;
            let next = run_forks(&trunk, &branches, plan, first, &listen, &mut |branch, number, tables| {
                assert_eq!(number, first);
                found[branch].push(tables);
                Ok::<(), ()>(())
            });
            assert_eq!(next, Ok(replicates));
        }
        let alone = |scenario: &Scenario| match run_ensemble(scenario, plan, None, &|_| Wish::Continue).0 {
            Ended::Complete(tables) => tables,
            Ended::Interrupted { .. } => unreachable!("nobody asked to stop"),
        };
        let wholes: Vec<TableSet> =
            std::iter::once(&trunk).chain(branches.iter().map(|b| &b.scenario)).map(alone).collect();
        for (parts, whole) in found.iter().zip(&wholes) {
            for table in &parts[0].tables {
                let mut both = table.clone();
                both.append(parts[1].get(&table.name).expect("every replicate has it"));
                assert_eq!(Some(&both), whole.get(&table.name));
            }
        }
        let support = |of: &TableSet, last: i64| {
            let table = of.get("support").expect("recorded");
            let (day, public) =
                (table.ints("day").expect("a column"), table.ints("public").expect("a column"));
            (0..table.rows()).filter(|&r| day[r] == last).map(|r| public[r]).collect::<Vec<_>>()
        };
        assert_eq!(support(&wholes[0], 10), support(&wholes[2], 10));
        assert_ne!(support(&wholes[0], 19), support(&wholes[2], 19));
        assert_ne!(support(&wholes[0], 9), support(&wholes[1], 9));
    }
}
