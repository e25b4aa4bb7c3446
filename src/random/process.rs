//! What draws are for.

/// The closed list of purposes. Numbers are part of the address of a draw and are never reused: a retired process
/// leaves a gap, so that old seeds keep their meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Process {
    /// Deriving one key from another; see [`super::ReplicateKey`].
    Key = 0,
    /// An agent's traits at birth.
    Birth = 1,
    /// Sizes of enterprises and collectives.
    Sizes = 2,
    /// An agent's day: attention, drift noise and rounding.
    Day = 3,
    /// Whom a reconsidering agent hears.
    Contacts = 4,
    /// Which party a reconsidering agent takes, and what follows from it.
    Choice = 5,
    /// Whether a chance event happens.
    Event = 6,
    /// Which enterprises a lockout closes.
    Lockout = 7,
    /// Whether a constituency recalls its delegates.
    Recall = 8,
    /// Draws of the library examples and of tests.
    Example = 9,
    /// Obedience of units when they march.
    March = 11,
    /// Resolve and errors of leaders.
    Leadership = 12,
    /// Luck of those who fight.
    Contest = 13,
    /// Which units go over.
    Transfer = 14,
    /// Which bodies are there at the start, when others are founded, and how zealous they are.
    Founding = 15,
    /// Who comes to a gathering.
    Gathering = 16,
    /// Where power taken elsewhere is taken up.
    Spread = 17,
    /// Fixed contacts.
    Network = 18,
    /// Which villages take land.
    Seizure = 19,
    /// Which points a design of an experiment has.
    Design = 20,
    /// Which samples a bootstrap draws.
    Bootstrap = 21,
}
