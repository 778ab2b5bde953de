//! `kadian relay`: lists the serial ports, tries a relay at one, and chooses the station's.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};
use program::{Failure, say};
use relay::limits::{PULSE_MAX_MS, PULSE_MIN_MS};
use relay::{Line, Pulse, RelayChoice, RelayFault};
use scanner::{Port, SerialPort, System};

/// List serial ports, try the relay of a lamp or a barrier at one, or choose it for a station
#[derive(Args)]
#[command(after_help = "Examples:\n  \
        kadian relay                                     list serial ports; none is opened\n  \
        kadian relay try 1 --kind bytes                  PULSE the relay at the first of that list, once\n  \
        kadian relay choose 1 --kind bytes --dir station\n  \
        kadian relay choose /dev/ttyS0 --kind line --line rts --pulse-ms 1000 --dir station\n  \
        kadian relay choose none --dir station           no relay\n\n\
        What hangs on a relay may move: look before you try. docs/relay.md says which boards, and how to wire.")]
pub(crate) struct RelayArgs {
    #[command(subcommand)]
    command: Option<RelayCommand>,
}

#[derive(Subcommand)]
enum RelayCommand {
    /// List serial ports; none is opened
    List,
    Try(TryArgs),
    Choose(ChooseArgs),
}

/// How a relay is switched
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// By the commands of a board: A0 01 01 A2 for on, A0 01 00 A1 for off
    Bytes,
    /// By a line of the port
    Line,
}

/// A line of a serial port that a program may raise
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum LineName {
    Rts,
    Dtr,
}

/// A relay on the command line
#[derive(Args)]
struct Which {
    /// A number of the list, the path of a serial port that is built in, or none
    #[arg(value_name = "RELAY")]
    relay: String,
    /// How it is switched; named for each relay
    #[arg(long, value_enum)]
    kind: Option<Kind>,
    /// Which line, with --kind line
    #[arg(long, value_enum, default_value = "rts")]
    line: LineName,
    /// For how long it is on, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = Pulse::default().millis(),
        value_parser = clap::value_parser!(u16).range(i64::from(PULSE_MIN_MS)..=i64::from(PULSE_MAX_MS)))]
    pulse_ms: u16,
}

/// Pulse a relay once, as a station would for a passage
#[derive(Args)]
struct TryArgs {
    #[command(flatten)]
    which: Which,
}

/// Choose a station's relay; the station may not be running, and nothing is pulsed
#[derive(Args)]
struct ChooseArgs {
    #[command(flatten)]
    which: Which,
    /// The station's folder
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
}

pub(crate) fn run(arguments: &RelayArgs) -> Result<ExitCode, Failure> {
    match &arguments.command {
        None | Some(RelayCommand::List) => list(),
        Some(RelayCommand::Try(arguments)) => try_out(&arguments.which),
        Some(RelayCommand::Choose(arguments)) => choose(arguments),
    }
}

fn list() -> Result<ExitCode, Failure> {
    let ports = scanner::serial_ports(&System::default());
    if ports.is_empty() {
        say!("no serial port is plugged in")?;
    }
    for (at, port) in ports.iter().enumerate() {
        say!("{}  {}", at + 1, described(port))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Says in one line what a port is.
pub(crate) fn described(SerialPort { name, port }: &SerialPort) -> String {
    match port {
        Port::Path { path } => format!("built in  {}", path.display()),
        Port::Usb(device) => {
            let name = if name.is_empty() { "(no name)" } else { name };
            let number = device.serial.as_ref().map_or_else(
                || format!("without a number of its own: known at {} alone", device.place),
                |serial| format!("number {serial}"),
            );
            format!("{name}  {}:{}  {number}", device.vendor, device.product)
        }
    }
}

impl Which {
    fn choice(&self) -> Result<RelayChoice, Failure> {
        self.among(&scanner::serial_ports(&System::default()))
    }

    fn among(&self, ports: &[SerialPort]) -> Result<RelayChoice, Failure> {
        if self.relay == "none" {
            return Ok(RelayChoice::None);
        }
        let numbered = |number: &str| ports.get(number.parse::<usize>().ok()?.checked_sub(1)?);
        let port = match self.relay.as_str() {
            path if path.starts_with('/') => Port::Path { path: path.into() },
            number => match numbered(number) {
                Some(found) => found.port.clone(),
                None => {
                    return Err(
                        format!("{number}: neither a number of `kadian relay`, a path, nor none").into()
                    );
                }
            },
        };
        let pulse_ms = Pulse::try_from(self.pulse_ms).map_err(|error| error.to_string())?;
        match self.kind {
            None => Err("say --kind bytes or --kind line: a relay that is none might hear the other".into()),
            Some(Kind::Bytes) => Ok(RelayChoice::Bytes { port, pulse_ms }),
            Some(Kind::Line) => {
                let line = match self.line {
                    LineName::Rts => Line::Rts,
                    LineName::Dtr => Line::Dtr,
                };
                Ok(RelayChoice::Line { port, line, pulse_ms })
            }
        }
    }
}

fn try_out(which: &Which) -> Result<ExitCode, Failure> {
    let choice = which.choice()?;
    if choice == RelayChoice::None {
        return Err("nothing to try: none has no device".into());
    }
    say!("pulsing {} once, for {} ms", which.relay, choice.pulse().millis())?;
    relay::pulse_once(&choice, &System::default())
        .map_err(|fault| format!("{} ({})", what_to_do(fault), fault.code()))?;
    say!("done: it is off, and the port is closed")?;
    Ok(ExitCode::SUCCESS)
}

fn choose(ChooseArgs { which, dir }: &ChooseArgs) -> Result<ExitCode, Failure> {
    let choice = which.choice()?;
    let kind = choice.kind();
    station::choose_relay(dir, choice).map_err(|error| format!("{error} ({})", error.code()))?;
    say!("{} uses a relay of this kind from its next start on: {kind}", dir.display())?;
    Ok(ExitCode::SUCCESS)
}

/// Returns in one sentence what to do about a fault.
pub(crate) fn what_to_do(fault: RelayFault) -> &'static str {
    match fault {
        RelayFault::Absent => "the relay is not there: plug it in, or choose it again where it is now",
        RelayFault::NoPermission => {
            "this account may not use the relay: join the group dialout, or see docs/relay.md"
        }
        RelayFault::Busy => "another program holds the relay: end it, and keep ModemManager away",
        RelayFault::Unusable => "this is no relay of that kind: choose another port or kind",
        RelayFault::IsScanner => "the relay is the hand scanner: choose another port for one of them",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relay_is_named_by_its_number_or_a_path_and_its_kind_is_never_guessed() {
        let device = scanner::DeviceIdentity {
            vendor: "1a86".to_owned(),
            product: "7523".to_owned(),
            serial: None,
            place: "usb-2".to_owned(),
        };
        let port = SerialPort { name: "USB Serial".to_owned(), port: Port::Usb(device) };
        let among = |relay: &str, kind| {
            let which = Which { relay: relay.to_owned(), kind, line: LineName::Dtr, pulse_ms: 700 };
            which.among(std::slice::from_ref(&port)).ok()
        };
        let pulse_ms = Pulse::try_from(700).unwrap();
        let bytes = RelayChoice::Bytes { port: port.port.clone(), pulse_ms };
        assert_eq!(among("1", Some(Kind::Bytes)), Some(bytes));
        let path = Port::Path { path: "/dev/ttyS0".into() };
        let line = RelayChoice::Line { port: path, line: Line::Dtr, pulse_ms };
        assert_eq!(among("/dev/ttyS0", Some(Kind::Line)), Some(line));
        assert_eq!(among("none", None), Some(RelayChoice::None));
        assert_eq!(among("1", None), None);
        for odd in ["0", "2", "", "-1", "ttyS0"] {
            assert_eq!(among(odd, Some(Kind::Bytes)), None, "{odd}");
        }
        assert_eq!(
            described(&port),
            "USB Serial  1a86:7523  without a number of its own: known at usb-2 alone"
        );
    }
}
