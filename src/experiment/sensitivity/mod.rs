//! Which parameters an outcome hangs on: Morris' elementary effects and Sobol's indices.
//!
//! Both are designs in the unit cube and estimators over the outcomes at their points; neither knows what the points
//! are run with. The tests hold them against functions whose indices are known.

mod morris;
mod sobol;

pub use morris::{ElementaryEffects, Trajectories};
pub use sobol::{Indices, Saltelli};

/// An estimate and the 95 % interval around it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The estimate.
    pub value: f64,
    /// Lower end of the interval; NaN where one point says nothing about the error.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

#[cfg(test)]
mod known {
    //! Functions with known indices.

    use std::f64::consts::PI;

    /// Ishigami and Homma 1990 with a = 7, b = 0.1, of three numbers from 0 to 1.
    pub(super) fn ishigami(x: &[f64]) -> f64 {
        let [a, b, c] = [x[0], x[1], x[2]].map(|u| PI * (2.0 * u - 1.0));
        a.sin() + 7.0 * b.sin().powi(2) + 0.1 * c.powi(4) * a.sin()
    }

    /// First-order and total indices of [`ishigami`], from its integrals.
    pub(super) const ISHIGAMI: [[f64; 2]; 3] = [[0.3139, 0.5576], [0.4424, 0.4424], [0.0, 0.2437]];

    /// Weights of Sobol's g function: the smaller, the more it matters.
    pub(super) const G: [f64; 4] = [0.0, 1.0, 4.5, 9.0];

    /// Sobol's g function: the product of (|4x - 2| + a) / (1 + a).
    pub(super) fn g(x: &[f64]) -> f64 {
        x.iter().zip(G).map(|(x, a)| ((4.0 * x - 2.0).abs() + a) / (1.0 + a)).product()
    }

    /// First-order and total indices of [`g`]: V_i = 1 / (3 (1 + a)²), V = Π (1 + V_i) − 1.
    pub(super) fn g_indices() -> Vec<[f64; 2]> {
        let part = |a: f64| 1.0 / (3.0 * (1.0 + a).powi(2));
        let all: f64 = G.iter().map(|a| 1.0 + part(*a)).product::<f64>() - 1.0;
        G.iter()
            .map(|&a| {
                let others: f64 = G.iter().map(|b| 1.0 + part(*b)).product::<f64>() / (1.0 + part(a));
                [part(a) / all, part(a) * others / all]
            })
            .collect()
    }
}
