//! Parts of `due_dates.rs`.

mod cases;
mod elevators;
mod laws;
mod limits;
mod records;
