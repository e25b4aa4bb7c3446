//! Electing rules: from votes to seats.

use crate::model::agents::OPTIONS;

/// Votes or seats by option.
pub type Tallies = [u32; OPTIONS];

/// How the seats of a constituency are filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// All seats to the largest party.
    Plurality,
    /// All seats to a party with more than half of the votes; else by largest remainder.
    MajorityList,
    /// Hare quota and largest remainders.
    LargestRemainder,
    /// Highest averages with divisors 1, 2, 3…
    DHondt,
}

/// Fills `seats` seats from `votes`; the first option wins ties. All zero if nobody voted.
#[must_use]
pub fn elect(rule: Rule, votes: &Tallies, seats: u32) -> Tallies {
    match rule {
        Rule::Plurality => plurality(votes, seats),
        Rule::MajorityList => {
            let cast: u64 = votes.iter().map(|&v| u64::from(v)).sum();
            if votes.iter().any(|&v| 2 * u64::from(v) > cast) {
                plurality(votes, seats)
            } else {
                largest_remainder(votes, seats)
            }
        }
        Rule::LargestRemainder => largest_remainder(votes, seats),
        Rule::DHondt => highest_averages(votes, seats),
    }
}

fn plurality(votes: &Tallies, seats: u32) -> Tallies {
    let mut filled = [0; OPTIONS];
    if let Some(winner) = leader(votes) {
        filled[winner] = seats;
    }
    filled
}

/// The option with most votes, the first of equals; `None` if nobody voted.
#[must_use]
pub fn leader(votes: &Tallies) -> Option<usize> {
    let best = *votes.iter().max().expect("there is room for options");
    if best == 0 { None } else { votes.iter().position(|&v| v == best) }
}

/// Hare quota and largest remainders. Source: Gallagher 1991, doi:10.1016/0261-3794(91)90004-C.
fn largest_remainder(votes: &Tallies, seats: u32) -> Tallies {
    let mut filled = [0; OPTIONS];
    let cast: u64 = votes.iter().map(|&v| u64::from(v)).sum();
    if cast == 0 {
        return filled;
    }
    let mut remainders = [0_u64; OPTIONS];
    let mut given = 0;
    for option in 0..OPTIONS {
        let claim = u64::from(votes[option]) * u64::from(seats);
        filled[option] = (claim / cast) as u32;
        remainders[option] = claim % cast;
        given += filled[option];
    }
    for _ in given..seats {
        let best = *remainders.iter().max().expect("there is room for options");
        let option = remainders.iter().position(|&r| r == best).expect("the maximum is among them");
        filled[option] += 1;
        remainders[option] = 0;
    }
    filled
}

/// D'Hondt's highest averages. Source: Gallagher 1991, doi:10.1016/0261-3794(91)90004-C.
fn highest_averages(votes: &Tallies, seats: u32) -> Tallies {
    let mut filled = [0_u32; OPTIONS];
    if leader(votes).is_none() {
        return filled;
    }
    for _ in 0..seats {
        let mut best = 0;
        for option in 1..OPTIONS {
            // Cross-multiplied, so that no average is rounded.
            let ours = u64::from(votes[option]) * u64::from(filled[best] + 1);
            let theirs = u64::from(votes[best]) * u64::from(filled[option] + 1);
            if ours > theirs {
                best = option;
            }
        }
        filled[best] += 1;
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rule: Rule, votes: &[u32], seats: u32, expected: &[u32]) {
        let mut all = [0; OPTIONS];
        all[..votes.len()].copy_from_slice(votes);
        assert_eq!(&elect(rule, &all, seats)[..expected.len()], expected, "{rule:?} {votes:?} {seats}");
    }

    #[test]
    fn seats_go_by_largest_remainder() {
        // Quota 100/10 = 10: 4, 3, 1 with remainders 7, 0, 3... one seat left twice.
        check(Rule::LargestRemainder, &[47, 30, 13, 10], 10, &[5, 3, 1, 1]);
        check(Rule::LargestRemainder, &[1, 1], 3, &[2, 1]);
    }

    #[test]
    fn seats_go_by_highest_averages() {
        // The textbook case of d'Hondt: 100, 80, 30, 20 thousand votes for eight seats.
        check(Rule::DHondt, &[100, 80, 30, 20], 8, &[4, 3, 1, 0]);
    }

    #[test]
    fn the_winner_takes_all_under_plurality() {
        check(Rule::Plurality, &[4, 5, 3], 7, &[0, 7, 0]);
        check(Rule::Plurality, &[5, 5, 3], 1, &[1, 0, 0]);
    }

    #[test]
    fn a_list_needs_more_than_half_to_take_all() {
        check(Rule::MajorityList, &[6, 4], 5, &[5, 0]);
        check(Rule::MajorityList, &[5, 5], 4, &[2, 2]);
    }

    #[test]
    fn nobody_is_elected_without_votes() {
        for rule in [Rule::Plurality, Rule::MajorityList, Rule::LargestRemainder, Rule::DHondt] {
            check(rule, &[0, 0], 9, &[0, 0]);
        }
    }
}
