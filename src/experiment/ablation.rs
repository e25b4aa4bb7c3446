//! What each event adds to an outcome: every event dropped in turn, and Shapley values where all subsets can be run.
//!
//! Source: Shapley 1953, doi:10.1515/9781400881970-018. The value of an event is what it adds when it joins the events
//! that came before it, averaged over all orders in which they could come; the values of all events add up to what
//! all of them do together. Histories share their random numbers, so values are taken replicate by replicate.

use super::sensitivity::Estimate;
use super::summary::{mean_and_error, student_95};

/// Most events whose subsets are all run: 2⁶ histories.
pub const MOST_FOR_SHAPLEY: usize = 6;

/// The subsets of `events` events that are run, as masks of those that are kept: all of them if they are few, else all
/// but one at a time, and none.
#[must_use]
pub fn subsets(events: usize) -> Vec<u64> {
    let whole = whole(events);
    if events <= MOST_FOR_SHAPLEY {
        return (0..=whole).rev().collect();
    }
    let mut masks = vec![whole];
    masks.extend((0..events).map(|event| whole & !(1 << event)));
    masks.push(0);
    masks
}

fn whole(events: usize) -> u64 {
    (1 << events) - 1
}

/// What an event adds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Contribution {
    /// The outcome with all events less the outcome without this one.
    pub dropped: Estimate,
    /// Its Shapley value, where all subsets were run.
    pub shapley: Option<Estimate>,
}

/// The contributions of each event. `outcome` is the outcome of a replicate where the events of a mask are kept.
#[must_use]
pub fn contributions(events: usize, replicates: u64, outcome: impl Fn(u64, u64) -> f64) -> Vec<Contribution> {
    let whole = whole(events);
    (0..events)
        .map(|event| {
            let one = 1 << event;
            let dropped = (0..replicates).map(|r| outcome(whole, r) - outcome(whole & !one, r));
            let shapley = (events <= MOST_FOR_SHAPLEY).then(|| {
                let value = |replicate: u64| -> f64 {
                    let before = (0..=whole).filter(|mask| mask & one == 0);
                    before
                        .map(|mask| {
                            let weight = weight(mask.count_ones() as usize, events);
                            weight * (outcome(mask | one, replicate) - outcome(mask, replicate))
                        })
                        .sum()
                };
                estimate(&(0..replicates).map(value).collect::<Vec<_>>())
            });
            Contribution { dropped: estimate(&dropped.collect::<Vec<_>>()), shapley }
        })
        .collect()
}

/// Share of the orders in which exactly these many of the other events come before: |S|! (n − |S| − 1)! / n!.
fn weight(before: usize, events: usize) -> f64 {
    let factorial = |n: usize| (1..=n).map(|i| i as f64).product::<f64>();
    factorial(before) * factorial(events - before - 1) / factorial(events)
}

/// Mean over replicates with its 95 % interval.
fn estimate(values: &[f64]) -> Estimate {
    let (value, error) = mean_and_error(values).unwrap_or((f64::NAN, None));
    let half = error.map_or(f64::NAN, |e| e * student_95(values.len()));
    Estimate { value, low: value - half, high: value + half }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_add_up_and_who_adds_nothing_gets_nothing() {
        // The glove game: two left gloves, one right one, and somebody with none.
        let worth = |mask: u64, _: u64| f64::from(u8::from(mask & 0b11 != 0 && mask & 0b100 != 0));
        let found = contributions(4, 3, worth);
        let values: Vec<f64> = found.iter().map(|c| c.shapley.expect("all subsets").value).collect();
        for (value, known) in values.iter().zip([1.0 / 6.0, 1.0 / 6.0, 4.0 / 6.0, 0.0]) {
            assert!((value - known).abs() < 1e-12, "{values:?}");
        }
        let dropped: Vec<f64> = found.iter().map(|c| c.dropped.value).collect();
        assert_eq!(dropped, [0.0, 0.0, 1.0, 0.0]);
    }

    #[test]
    fn what_replicates_share_does_not_widen_the_interval() {
        let worth = |mask: u64, replicate: u64| replicate as f64 * 10.0 + 2.0 * (mask & 1) as f64;
        let found = contributions(1, 5, worth)[0];
        assert!((found.dropped.value - 2.0).abs() < 1e-12 && found.dropped.high - found.dropped.low < 1e-9);
    }

    #[test]
    fn all_subsets_of_few_events_and_single_ones_of_many() {
        assert_eq!(subsets(2), [3, 2, 1, 0]);
        assert_eq!(subsets(8).len(), 10);
        assert!(contributions(8, 1, |mask, _| mask as f64).iter().all(|c| c.shapley.is_none()));
    }
}
