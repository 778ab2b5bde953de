//! A network between stations and an office that cuts, delays, repeats and mixes up what it carries.

use std::collections::VecDeque;
use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use stories::dice::Dice;

use crate::message::{Message, read};

/// Longest wait for either side.
const PATIENCE: Duration = Duration::from_secs(20);
/// Messages that are kept to come again.
const KEPT: usize = 32;

/// What becomes of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Passes,
    NeverArrives,
    HalfArrives,
    AnswerIsLost,
    HalfOfTheAnswer,
    Slow,
    Twice,
    AfterAnEarlierOne,
    AnsweredAsEarlier,
    Late,
}

const FATES: [Fate; 9] = [
    Fate::NeverArrives,
    Fate::HalfArrives,
    Fate::AnswerIsLost,
    Fate::HalfOfTheAnswer,
    Fate::Slow,
    Fate::Twice,
    Fate::AfterAnEarlierOne,
    Fate::AnsweredAsEarlier,
    Fate::Late,
];

/// How well the network is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weather {
    /// Everything passes.
    Well,
    /// So many requests in a hundred meet a fault.
    Faults(u64),
    /// Nothing passes.
    Down,
}

/// What a cycle may have.
pub const WEATHER: [Weather; 6] =
    [Weather::Well, Weather::Well, Weather::Faults(25), Weather::Faults(70), Weather::Down, Weather::Down];

/// Moments of a batch at which a program may be killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// The station has sent it.
    Sent,
    /// The office has it.
    Arrived,
    /// The office has answered, and the station does not know it yet.
    Answered,
    /// The station has the answer.
    Told,
}

/// All moments.
pub const MOMENTS: [Moment; 4] = [Moment::Sent, Moment::Arrived, Moment::Answered, Moment::Told];

/// The network; it ends when dropped.
pub struct Network {
    address: SocketAddr,
    shared: Arc<Shared>,
    listening: Option<JoinHandle<()>>,
}

struct Shared {
    office: SocketAddr,
    dice: Mutex<Dice>,
    weather: Mutex<Weather>,
    moments: Mutex<[u64; MOMENTS.len()]>,
    moved: Condvar,
    sent: Mutex<VecDeque<Message>>,
    answers: Mutex<VecDeque<Vec<u8>>>,
    over: AtomicBool,
}

impl Network {
    /// Starts a network that is well.
    pub fn start(office: SocketAddr, dice: Dice) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            office,
            dice: Mutex::new(dice),
            weather: Mutex::new(Weather::Well),
            moments: Mutex::default(),
            moved: Condvar::new(),
            sent: Mutex::default(),
            answers: Mutex::default(),
            over: AtomicBool::new(false),
        });
        let own = Arc::clone(&shared);
        let listening = std::thread::Builder::new().name("network".into()).spawn(move || {
            for connection in listener.incoming().flatten() {
                if own.over.load(Ordering::SeqCst) {
                    return;
                }
                let own = Arc::clone(&own);
                // Whatever ends a connection is what networks do.
                std::thread::spawn(move || own.carry(connection));
            }
        })?;
        Ok(Self { address, shared, listening: Some(listening) })
    }

    /// Returns the address under which stations reach the office.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Changes how well it is.
    pub fn set(&self, weather: Weather) {
        *lock(&self.shared.weather) = weather;
    }

    /// Forgets what it carried: nothing of it comes again.
    pub fn forget(&self) {
        lock(&self.shared.sent).clear();
        lock(&self.shared.answers).clear();
    }

    /// Waits for the next such moment; not longer than this.
    pub fn wait_for(&self, moment: Moment, patience: Duration) {
        let moments = lock(&self.shared.moments);
        let before = moments[moment as usize];
        let same = |moments: &mut [u64; MOMENTS.len()]| moments[moment as usize] == before;
        drop(self.shared.moved.wait_timeout_while(moments, patience, same));
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::SeqCst);
        // Wakes the listener.
        drop(TcpStream::connect(self.address));
        if let Some(listening) = self.listening.take() {
            drop(listening.join());
        }
    }
}

impl Shared {
    fn carry(&self, mut station: TcpStream) -> io::Result<()> {
        station.set_read_timeout(Some(PATIENCE))?;
        station.set_write_timeout(Some(PATIENCE))?;
        let Some(request) = read(&mut station)? else { return Ok(()) };
        let fate = self.fate();
        if !request.is_batch() {
            return match fate {
                Fate::NeverArrives | Fate::HalfArrives => Ok(()),
                Fate::HalfOfTheAnswer => {
                    let answer = self.ask(&request)?;
                    station.write_all(answer.get(..answer.len() / 2).unwrap_or_default())
                }
                _ => station.write_all(&self.ask(&request)?),
            };
        }
        self.note(Moment::Sent);
        keep(&self.sent, request.clone());
        match fate {
            Fate::NeverArrives => return Ok(()),
            Fate::HalfArrives => return self.half_arrives(&request),
            Fate::Late => {
                std::thread::sleep(self.a_while());
                drop(station);
                std::thread::sleep(self.a_while());
                return self.ask(&request).map(drop);
            }
            Fate::Slow => std::thread::sleep(self.a_while()),
            Fate::Twice => drop(self.ask(&request)),
            Fate::AfterAnEarlierOne => {
                let earlier = self.earlier(&self.sent);
                drop(earlier.map(|earlier| self.ask(&earlier)));
            }
            _ => {}
        }
        let answer = self.ask(&request)?;
        self.note(Moment::Answered);
        if fate == Fate::Slow {
            std::thread::sleep(self.a_while());
        }
        let told = match fate {
            Fate::AnswerIsLost => return Ok(()),
            Fate::HalfOfTheAnswer => answer.get(..answer.len() / 2).unwrap_or_default(),
            Fate::AnsweredAsEarlier => &self.earlier(&self.answers).unwrap_or(answer.clone()),
            _ => &answer,
        };
        keep(&self.answers, answer.clone());
        station.write_all(told)?;
        self.note(Moment::Told);
        Ok(())
    }

    /// Hands the office a request, and returns its whole answer.
    fn ask(&self, request: &Message) -> io::Result<Vec<u8>> {
        let mut office = self.reach()?;
        office.write_all(&request.for_one_answer())?;
        if request.is_batch() {
            self.note(Moment::Arrived);
        }
        let mut answer = Vec::new();
        office.read_to_end(&mut answer)?;
        if answer.is_empty() { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(answer) }
    }

    fn half_arrives(&self, request: &Message) -> io::Result<()> {
        let whole = request.for_one_answer();
        self.reach()?.write_all(whole.get(..whole.len() / 2).unwrap_or_default())
    }

    fn reach(&self) -> io::Result<TcpStream> {
        let office = TcpStream::connect_timeout(&self.office, PATIENCE)?;
        office.set_read_timeout(Some(PATIENCE))?;
        office.set_write_timeout(Some(PATIENCE))?;
        Ok(office)
    }

    fn fate(&self) -> Fate {
        let mut dice = lock(&self.dice);
        match *lock(&self.weather) {
            Weather::Down => Fate::NeverArrives,
            Weather::Faults(percent) if dice.chance(percent) => {
                dice.pick(&FATES).copied().unwrap_or(Fate::Passes)
            }
            _ => Fate::Passes,
        }
    }

    fn a_while(&self) -> Duration {
        Duration::from_millis(lock(&self.dice).draw(0..700))
    }

    fn earlier<T: Clone>(&self, kept: &Mutex<VecDeque<T>>) -> Option<T> {
        let mut kept = lock(kept);
        lock(&self.dice).pick(kept.make_contiguous()).cloned()
    }

    fn note(&self, moment: Moment) {
        if let Some(count) = lock(&self.moments).get_mut(moment as usize) {
            *count += 1;
        }
        self.moved.notify_all();
    }
}

fn keep<T>(kept: &Mutex<VecDeque<T>>, message: T) {
    let mut kept = lock(kept);
    kept.push_back(message);
    if kept.len() > KEPT {
        kept.pop_front();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
