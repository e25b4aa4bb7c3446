//! Where labels go so that none covers another: end labels pushed apart, event flags stacked in rows.

/// Positions nearest to `wanted` (in the least-squares sense) that are `gap` apart and stay in `low..=high`.
///
/// `wanted` may come in any order; the result keeps that order. If the labels do not all fit, they share the room
/// evenly, closer than `gap`. Pool-adjacent-violators (Ayer et al. 1955) on the positions less their rank times `gap`.
pub(super) fn spread(wanted: &[f64], gap: f64, low: f64, high: f64) -> Vec<f64> {
    let n = wanted.len();
    if n == 0 {
        return Vec::new();
    }
    let gap = if n > 1 { gap.min((high - low).max(0.0) / (n - 1) as f64) } else { gap };
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&a, &b| wanted[a].total_cmp(&wanted[b]));
    // Each pool is (sum, count) of shifted positions whose mean is the pool's common place.
    let mut pools: Vec<(f64, usize)> = Vec::new();
    for (rank, &i) in order.iter().enumerate() {
        pools.push((wanted[i] - rank as f64 * gap, 1));
        while let [.., a, b] = pools[..] {
            if a.0 / a.1 as f64 <= b.0 / b.1 as f64 {
                break;
            }
            pools.truncate(pools.len() - 2);
            pools.push((a.0 + b.0, a.1 + b.1));
        }
    }
    let room = high - (n - 1) as f64 * gap;
    let mut placed = vec![0.0; n];
    let mut rank = 0;
    for (sum, count) in pools {
        let base = (sum / count as f64).min(room).max(low);
        for _ in 0..count {
            placed[order[rank]] = base + rank as f64 * gap;
            rank += 1;
        }
    }
    placed
}

/// A label that hangs from a vertical line like a flag from its pole.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Flag {
    /// Where the pole stands.
    pub(super) x: f64,
    /// Width of the text with the space around it.
    pub(super) width: f64,
    /// Of two labels that cannot both be shown, the one with the larger weight stays.
    pub(super) weight: f64,
}

/// Which side of its pole a label hangs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Right,
    Left,
}

/// Where a flag was put.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Hung {
    /// 0 is the row nearest the plot.
    pub(super) row: usize,
    pub(super) side: Side,
    /// Left edge of the label.
    pub(super) left: f64,
}

/// Hangs flags in at most `rows` rows between `edges.0` and `edges.1`: to the right of their poles where they can.
///
/// No label covers another, nor the pole of one that hangs higher. `None` marks those that found no room: the
/// lightest are given up, and only as many as needed.
pub(super) fn hang(flags: &[Flag], rows: usize, edges: (f64, f64)) -> Vec<Option<Hung>> {
    let mut shown: Vec<usize> = (0..flags.len()).collect();
    // From the right, so that each label already knows the poles it would cover.
    shown.sort_by(|&a, &b| flags[b].x.total_cmp(&flags[a].x).then(b.cmp(&a)));
    loop {
        match try_hang(flags, &shown, rows, edges) {
            Ok(hung) => return settle(flags, &shown, hung, rows),
            Err(crowd) => {
                let lightest = crowd.into_iter().min_by(|&a, &b| flags[a].weight.total_cmp(&flags[b].weight));
                shown.retain(|&i| Some(i) != lightest);
            }
        }
    }
}

/// One attempt with the flags `shown`; on failure the flags that were in each other's way.
fn try_hang(
    flags: &[Flag],
    shown: &[usize],
    rows: usize,
    edges: (f64, f64),
) -> Result<Vec<Option<Hung>>, Vec<usize>> {
    let mut hung: Vec<Option<Hung>> = vec![None; flags.len()];
    for (n, &i) in shown.iter().enumerate() {
        let mut crowd = vec![i];
        let place = [Side::Right, Side::Left].into_iter().find_map(|side| {
            let left = if side == Side::Right { flags[i].x } else { flags[i].x - flags[i].width };
            let fits = left >= edges.0 && left + flags[i].width <= edges.1;
            let free = free_rows(flags, &shown[..n], &hung, (i, left, rows), &mut crowd);
            // A label to the left lies over poles still to come: high up it leaves them room.
            let row = if side == Side::Right {
                free.iter().position(|&is_free| is_free)
            } else {
                free.iter().rposition(|&is_free| is_free)
            };
            row.filter(|_| fits).map(|row| Hung { row, side, left })
        });
        match place {
            Some(place) => hung[i] = Some(place),
            None => return Err(crowd),
        }
    }
    Ok(hung)
}

/// Lowers each flag as far as the others let it, the lowest first: what was hung high for others may not have to be.
fn settle(flags: &[Flag], shown: &[usize], mut hung: Vec<Option<Hung>>, rows: usize) -> Vec<Option<Hung>> {
    let mut order = shown.to_vec();
    order.sort_by_key(|&i| hung[i].map(|place| place.row));
    for &i in &order {
        let others: Vec<usize> = shown.iter().copied().filter(|&j| j != i).collect();
        let Some(place) = hung[i] else { continue };
        let free = free_rows(flags, &others, &hung, (i, place.left, rows), &mut Vec::new());
        if let Some(row) = free.iter().position(|&is_free| is_free).filter(|&row| row < place.row) {
            hung[i] = Some(Hung { row, ..place });
        }
    }
    hung
}

/// For each row, whether flag `i` may hang there with its left edge at `left`; adds what is in its way to `crowd`.
fn free_rows(
    flags: &[Flag],
    placed: &[usize],
    hung: &[Option<Hung>],
    (i, left, rows): (usize, f64, usize),
    crowd: &mut Vec<usize>,
) -> Vec<bool> {
    let mut free = vec![true; rows];
    for &j in placed {
        let Some(other) = hung[j] else { continue };
        let covers_pole = flags[j].x > left - 2.0 && flags[j].x < left + flags[i].width;
        let is_covered = flags[i].x > other.left && flags[i].x < other.left + flags[j].width + 2.0;
        let overlaps = left < other.left + flags[j].width && other.left < left + flags[i].width;
        if covers_pole {
            free.iter_mut().take(other.row + 1).for_each(|row| *row = false);
        }
        if is_covered {
            free.iter_mut().skip(other.row).for_each(|row| *row = false);
        }
        if overlaps {
            free[other.row] = false;
        }
        if (covers_pole || is_covered || overlaps) && !crowd.contains(&j) {
            crowd.push(j);
        }
    }
    free
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_far_apart_stay_where_they_are() {
        assert_eq!(spread(&[10.0, 50.0, 90.0], 15.0, 0.0, 100.0), [10.0, 50.0, 90.0]);
    }

    #[test]
    fn labels_that_meet_move_apart_evenly() {
        assert_eq!(spread(&[50.0, 50.0], 10.0, 0.0, 100.0), [45.0, 55.0]);
        assert_eq!(spread(&[52.0, 50.0, 54.0], 10.0, 0.0, 100.0), [52.0, 42.0, 62.0]);
    }

    #[test]
    fn labels_at_the_edge_are_pushed_inward() {
        assert_eq!(spread(&[99.0, 100.0], 10.0, 0.0, 100.0), [90.0, 100.0]);
        assert_eq!(spread(&[0.0, 1.0, 2.0], 10.0, 0.0, 100.0), [0.0, 10.0, 20.0]);
    }

    #[test]
    fn too_many_labels_share_the_room() {
        assert_eq!(spread(&[5.0; 3], 10.0, 0.0, 10.0), [0.0, 5.0, 10.0]);
    }

    fn flag(x: f64, width: f64, weight: f64) -> Flag {
        Flag { x, width, weight }
    }

    #[test]
    fn flags_that_would_meet_hang_in_two_rows() {
        let hung =
            hang(&[flag(0.0, 50.0, 1.0), flag(30.0, 50.0, 1.0), flag(200.0, 50.0, 1.0)], 3, (0.0, 500.0));
        let rows: Vec<_> = hung.iter().map(|h| h.map(|h| h.row)).collect();
        assert_eq!(rows, [Some(1), Some(0), Some(0)]);
    }

    #[test]
    fn the_lightest_flag_is_given_up_when_rows_run_out() {
        let hung =
            hang(&[flag(0.0, 50.0, 3.0), flag(10.0, 50.0, 1.0), flag(20.0, 50.0, 2.0)], 2, (0.0, 500.0));
        assert!(hung[0].is_some() && hung[1].is_none() && hung[2].is_some());
    }

    #[test]
    fn flags_near_the_right_edge_hang_to_the_left() {
        let hung = hang(&[flag(480.0, 50.0, 1.0)], 2, (0.0, 500.0));
        assert_eq!(hung[0], Some(Hung { row: 0, side: Side::Left, left: 430.0 }));
    }
}
