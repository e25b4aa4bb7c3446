//! Who is obeyed.

pub mod authority;
