//! The rules of the screens one by one, and their promises under any order of inputs.

mod change;
mod converge;
mod driver;
mod families;
mod faults;
mod oracle;
mod people;
mod places;
mod promises;
mod recording;
mod relay;
mod resident;
mod results;
mod rules;
mod scanning;
mod signing_in;
mod silences;
mod slips;
mod staff;
mod sticks;
mod truth;
mod workbench;
mod world;
