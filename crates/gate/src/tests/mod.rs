//! The rules of the screen, one by one, and its promises under any order of inputs.

mod families;
mod faults;
mod people;
mod promises;
mod recording;
mod results;
mod world;
