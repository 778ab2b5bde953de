//! A scanner at a serial port: USB-CDC, a converter, or RS-232.
//!
//! By `rustix`, as the station's GPS receiver is read: the crate `serialport` would bring libudev for a list
//! that `/sys` has, and its reads end by a timer where `poll` waits for bytes.

mod list;
mod port;

pub(crate) use list::candidates;
pub use list::{SerialPort, port_of, serial_ports};
pub(crate) use port::{Opened, open};
