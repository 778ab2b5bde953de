// Generated from the Rust types by `cargo xtask bindings`. Do not edit.

/** What is wrong with somebody who is to be authorised. */
export type AddProblem = { "kind": "refused",
/** Why. */
refusal: Refusal, } | { "kind": "certificate" } | { "kind": "stop" } | { "kind": "unjudged",
/** Why. */
fault: Fault, } | { "kind": "phone" } | { "kind": "listed" } | { "kind": "pin-short" } | { "kind": "pin-long" } | { "kind": "pin-not-digits" } | { "kind": "pin-trivial" } | { "kind": "pin-in-phone" } | { "kind": "pins-differ" } | { "kind": "too-many" } | { "kind": "not-recorded" };

/** Until when a gate can judge by the trust files that it has. */
export type AloneView = {
/** When the older of list and community was made. */
issued: Timestamp,
/** From here on the bar warns. */
soft: Timestamp,
/** From here on nothing is judged. */
hard: Timestamp, };

/** The answer, and why. */
export type Answer = { "kind": "pass",
/** Why. */
reason: Reason, } | { "kind": "check",
/** Why. */
reason: Reason, } | { "kind": "stop",
/** Why. */
reason: Reason, } | { "kind": "invalid",
/** Why. */
refusal: Refusal, } | { "kind": "unjudged",
/** The fault. */
fault: Fault, };

/** A battery. */
export type Battery = {
/** Charge from 0 to 100. */
percent: number,
/** Whether it is on mains. */
charging: boolean, };

/** A birth date. What is absent is masked, or is not on the certificate. */
export type BirthShown = {
/** The year. */
year: number | null,
/** The month, from 1. */
month: number | null,
/** The day of the month, from 1. */
day: number | null, };

/** A camera that is plugged in. */
export type CameraItem = {
/** What names it. */
camera: CameraName,
/** The mode in which it would be opened; empty where it has none that is understood. */
format: string,
/** What it is used as now. */
usedAs: WhichCamera | null, };

/** What names a camera. */
export type CameraName = {
/** The name that the device reports. */
name: string,
/** The port that it is plugged into. */
place: string, };

/** A camera that is in use. */
export type CameraNow = {
/** The name that the device reports; empty while it is not known. */
name: string,
/** Size, format and rate, as in `1280×720 MJPEG 30/s`; empty while no pictures come. */
format: string,
/** Whether nobody chose it: it is the first that works. */
automatic: boolean,
/** Whether it is a simulated one, or a script. */
simulated: boolean,
/** What is wrong with it. */
fault: Fault | null, };

/** What is known about the camera beside its fault. The station has cut its texts to plain, short
 * ones. */
export type CameraView = {
/** The camera is there, but its first picture has not come: at the start, or on its return. */
opening: boolean,
/** The program that holds the camera, if that is known. */
heldBy: string | null,
/** The command by which an administrator lets this account use the camera. */
mend: string | null,
/** The camera repeats one picture, which must not look live. */
frozen: boolean,
/** The camera gives less than was asked for. */
lesser: LesserPicture | null,
/** What is wrong with one of two cameras, while the other one works. */
otherOut: Fault | null, };

/** A device that may be a scanner. It was seen, and not opened. */
export type Candidate = {
/** What the device calls itself; may be empty. */
name: string,
/** The choice that makes it the scanner. */
choice: ScannerChoice, };

/** What a certificate from abroad certifies, and what to compare with the passport. */
export type CertificateFields = {
/** Vaccination, test or recovery. */
kind: CertificateKind,
/** Which dose it was; absent if it certifies no vaccination. */
dose: Dose | null,
/** Whole days since the event. */
daysAgo: number,
/** Whole hours since the sample was taken; absent if it certifies no test. */
hoursAgo: number | null,
/** The parts of the transliterated name, surname first. */
name: Array<NamePart>,
/** The birth date, as far as the policy lets it be seen. */
birth: BirthShown | null, };

/** Which of the three. */
export type CertificateKind = "vaccination" | "test" | "recovery";

/** What a change is about. */
export type ChangeKind = "checkpoint-added" | "checkpoint-changed" | "checkpoint-removed" | "person-added" | "person-removed" | "person-restored" | "pin-changed" | "policy-stricter";

/** Why a change was not made. What was typed stays. */
export type ChangeProblem = { "kind": "checkpoint",
/** Why. */
why: CheckpointProblem, } | { "kind": "current" } | { "kind": "no-checkpoint" } | { "kind": "no-place" } | { "kind": "not-allowed" } | { "kind": "too-many" } | { "kind": "gone" } | { "kind": "not-stricter" };

/** A checkpoint. */
export type CheckpointItem = {
/** Its id, in hex. */
id: string,
/** Its name. */
name: string,
/** The directions in which people pass there. */
directions: Directions,
/** Whether its place on the Earth is known. */
placed: boolean,
/** Whether a change of it waits for the back office. */
pending: boolean,
/** Time left to take its removal back; absent if it was not removed. */
undo: Countdown | null, };

/** Why a checkpoint could not be added. */
export type CheckpointProblem = "bad-name" | "exists" | "not-recorded";

/** One checkpoint to choose. */
export type CheckpointRow = {
/** The checkpoint's id, in hex. */
id: string,
/** The checkpoint's name. */
name: string,
/** Whether it was chosen last time on this station. */
last: boolean,
/** The directions in which people pass there. */
directions: Directions,
/** The direction to begin with: the one chosen last time, or the only one. */
direction: Direction, };

/** What a code declares, masked. */
export type CodeFields = {
/** The masked name, such as `张*`. */
maskedName: string,
/** The masked identity number, such as `4201**********1234`; empty for a certificate. */
maskedId: string,
/** Declared temperature in 0.1 °C. */
temperature: number | null,
/** Declared symptoms, one bit each. */
symptoms: number,
/** Age of the declaration in hours. */
declaredHoursAgo: number,
/** The issuer's name in Chinese. */
issuerZh: string,
/** The issuer's name in English. */
issuerEn: string,
/** When the code ends. */
validUntil: Timestamp,
/** Whether that is past. */
over: boolean,
/** The moment of the scan: ages are counted from it. */
seenAt: Timestamp,
/** Age of the code in seconds; negative if it was issued in the future. */
issuedSecondsAgo: number,
/** Whether it is a paper code. */
isStatic: boolean,
/** What a certificate from abroad certifies. A certificate declares nothing and shows no
 * number. */
certificate: CertificateFields | null,
/** The issuer's own sentence about its grey codes, in Chinese. */
noticeZh: string | null,
/** The same sentence in English. */
noticeEn: string | null, };

/** What the collector can do.
 *
 * An input about a result names the scan that the person looked at. The gate ignores it if
 * another result is on the screen by then. */
export type CollectorInput = { "kind": "confirm",
/** The scan that the person looked at. */
scan: ScanId, } | { "kind": "turn-away",
/** The scan that the person looked at. */
scan: ScanId, } | { "kind": "discard",
/** The scan that the person looked at. */
scan: ScanId, } | { "kind": "declare-again",
/** The scan that the person looked at. */
scan: ScanId, } | { "kind": "no-code" } | { "kind": "keep-open",
/** The scan that the person looked at. */
scan: ScanId, } | { "kind": "back" };

/** A collector. */
export type CollectorItem = {
/** Their id, in hex. */
id: string,
/** Their masked name. */
maskedName: string,
/** Their masked phone number. */
maskedPhone: string,
/** Whether they are listed. */
state: CollectorState,
/** Whether they are on duty at this station. */
onDuty: boolean,
/** Whether a change of them waits for the back office. */
pending: boolean,
/** Time left to take their removal back; absent if they were not removed. */
undo: Countdown | null, };

/** What the collector sees. */
export type CollectorScreen = { "kind": "ready",
/** What keeps the code in view from being read. */
hint: Hint | null, } | { "kind": "result",
/** The answer. */
result: ResultView, } | { "kind": "recording",
/** The answer, still on the screen. */
result: ResultView, } | { "kind": "recorded" } | { "kind": "unconfirmed" } | { "kind": "declare-again",
/** The issuer's address, shown as a QR code. */
url: string,
/** Time left until the screen closes by itself. */
countdown: Countdown, } | { "kind": "no-code",
/** The address, shown as a QR code; empty if the policy names none. */
url: string,
/** Time left until the screen closes by itself. */
countdown: Countdown, };

/** Whether a collector is listed. */
export type CollectorState = "listed" | "removed" | "restorable";

/** The colour of a health code. Codes of a family without colours have none. */
export type Colour = "green" | "yellow" | "red" | "grey" | "uncoloured";

/** Why a command was not carried out. */
export type CommandError = {
/** What was wrong. */
code: CommandErrorCode,
/** Whether the same command may succeed later. */
retry: boolean, };

/** The stable codes of [`CommandError`]. */
export type CommandErrorCode = "bad-argument" | "not-ready" | "not-enrolled" | "in-use" | "withdrawn" | "left" | "no-station" | "takes-no-ticket" | "not-allowed" | "not-saved";

/** A countdown that steps once a second. */
export type Countdown = {
/** Seconds that it began with. */
total: number,
/** Seconds left, rounded up. */
left: number, };

/** What tells one device from all others.
 *
 * A device with a serial number is known wherever it is plugged in. One without is known at one place alone:
 * another device of the same maker there may be a receiver or a barrier. */
export type DeviceIdentity = {
/** The maker's number, four hexadecimal digits. */
vendor: string,
/** The maker's number of the product, four hexadecimal digits. */
product: string,
/** The device's own number, if it has one; a Bluetooth device's address. */
serial?: string,
/** Where it is plugged in. */
place?: string, };

/** What can be asked for on the device page. */
export type DeviceInput = { "ask": "list-cameras" } | { "ask": "hide-cameras" } | { "ask": "choose-camera",
/** As which of the two. */
which: WhichCamera,
/** Which device; without one, the first that works, or no second camera. */
camera: CameraName | null, } | { "ask": "list-scanners" } | { "ask": "choose-scanner",
/** Which. */
pick: ScannerPick, } | { "ask": "list-relays" } | { "ask": "choose-relay",
/** Which; without one, none. */
pick: RelayPick | null, } | { "ask": "try-relay" } | { "ask": "hide-ports" } | { "ask": "self-test" } | { "ask": "heard",
/** Whether two tones were heard. */
heard: boolean, } | { "ask": "show-diagnostics" } | { "ask": "hide-diagnostics" };

/** Why what was asked for on the device page came to nothing. */
export type DeviceProblem = "not-saved" | "camera-gone" | "camera-taken" | "device-gone" | "same-device" | "bad-pulse";

/** One of the settings that stand on the device page alone. */
export type DeviceSetting = { "kind": "mirrored", "to": boolean } | { "kind": "volume", "to": number } | { "kind": "lamp", "to": Lamp } | { "kind": "voice", "to": Voice };

/** What the device page shows. The gate hands it on as the shell tells it. */
export type DeviceView = {
/** The camera for codes that are held up. */
first: CameraNow,
/** The camera that looks down at paper, if one is chosen. */
second: CameraNow | null,
/** The cameras that are plugged in, once somebody asked for them. */
cameras: Array<CameraItem> | null,
/** The hand scanner. */
scanner: ScannerNow,
/** What could be the hand scanner, once somebody asked for that. */
scanners: Array<PortItem> | null,
/** The relay of a lamp or a barrier. */
relay: RelayNow,
/** What could be the relay, once somebody asked for that. */
relays: Array<PortItem> | null,
/** What came of the last code that was held out to try. */
read: ReadTest | null,
/** The self-test, once somebody asked for it. */
selfTest: SelfTest | null,
/** The text of a diagnostics file that would be written, byte for byte, while somebody reads it. */
diagnostics: string | null,
/** Why the last choice came to nothing. */
problem: DeviceProblem | null, };

/** The direction in which people pass a checkpoint. */
export type Direction = "in" | "out";

/** The directions that a checkpoint has. */
export type Directions = "entry" | "exit" | "both";

/** A display on which the resident's side can be. */
export type DisplayInfo = {
/** The name that the system gives it. */
name: string,
/** Width in pixels. */
width: number,
/** Height in pixels. */
height: number,
/** Whether the collector's window is on it: the resident's side is not shown there. */
collectors: boolean, };

/** A dose of a vaccine. */
export type Dose = {
/** Which one it was. */
number: number,
/** Of how many. */
of: number, };

/** A stable code for each reason why a laptop could not join. */
export type EnrolFailure = "bad-ticket" | "bad-office" | "no-host" | "no-route" | "nobody-answers" | "wrong-host" | "wrong-authority" | "certificate-dates" | "clock-wrong" | "not-tls" | "not-an-office" | "wrong-root" | "broken-off" | "busy" | "ticket-used" | "ticket-expired" | "ticket-unknown" | "withdrawn" | "refused" | "bad-answer" | "bad-trust" | "other-deployment" | "folder" | "key" | "in-use" | "already-enrolled" | "no-stick" | "no-ticket" | "other-request" | "altered" | "other-station" | "malformed" | "too-large" | "not-a-file" | "pulled" | "full" | "read-only";

/** What a laptop knows of its enrolment, beside what the trust files say. */
export type Enrolment = {
/** What the laptop is called. */
laptop: string,
/** The station's id, in hex. */
station: string,
/** The office's name, as its ticket gave it; may be empty. */
office: string,
/** The office's host. */
host: string,
/** The office's port. */
port: number,
/** When this enrolment began, by the office's clock. */
since: Timestamp | null, };

/** Where this laptop belongs. */
export type EnrolmentView = {
/** What the laptop knows of it. */
enrolment: Enrolment,
/** The digits of the community's region; empty without trust. */
region: string,
/** The deployment's root; absent without trust. */
root: RootView | null, };

/** The status bar of a laptop that is no station. */
export type EntranceBar = {
/** The battery, if there is one. */
battery: Battery | null,
/** Whether the camera is the simulated one. */
simulatedCamera: boolean,
/** What else is known about the camera. */
camera: CameraView,
/** What the wall clock said when the view was made. */
now: Timestamp, };

/** The screens from a ticket to a station. */
export type EntranceScreen = { "kind": "waiting",
/** Why a code in view cannot be read. */
hint: Hint | null,
/** What was shown or pasted instead of a ticket. */
problem: TicketProblem | null,
/** Why the camera shows nothing. */
fault: Fault | null,
/** Whether there is a screen to go back to. */
mayLeave: boolean, } | { "kind": "confirm",
/** What the ticket says. */
ticket: TicketView,
/** Whether a stick can take the place of the network. */
byStick: boolean, } | { "kind": "joining",
/** What the ticket says. */
ticket: TicketView,
/** How far it is. */
steps: JoinSteps, } | { "kind": "failed",
/** What the ticket says. */
ticket: TicketView,
/** How far it came. */
steps: JoinSteps,
/** The reason. */
failure: EnrolFailure,
/** When the ticket was used, if the office said so. */
at: Timestamp | null,
/** Whether trying the same ticket again may help. */
mayPass: boolean,
/** Whether a stick can take the place of the network. */
byStick: boolean, } | { "kind": "by-stick",
/** What the ticket says. */
ticket: TicketView,
/** The stick on which the request lies, as far as this run of the program knows. */
stick: string | null,
/** Whether a stick is read and written now. */
busy: boolean,
/** What was in the way. */
problem: EnrolFailure | null, };

/** One whole window of a laptop that is no station, or that an administrator enrols again. */
export type EntranceView = {
/** The screen. */
screen: EntranceScreen,
/** The status bar. */
bar: EntranceBar, };

/** Sealed reports that a laptop wrote to files when it left service. */
export type ExportedReports = {
/** How many. */
reports: number,
/** The folder of the files. */
folder: string, };

/** The family of a code, by what its text begins with. */
export type Family = "code" | "certificate";

/** What keeps the station from judging or recording. The serialised names are stable codes. */
export type Fault = "camera-none" | "camera-busy" | "camera-no-permission" | "camera-lost" | "camera-stalled" | "camera-covered" | "trust-missing" | "trust-expired" | "community-expired" | "policy-missing" | "no-policy" | "clock-wrong" | "disk-full" | "disk-read-only" | "disk-failing" | "outbox-busy" | "outbox-damaged" | "outbox-silent";

/** The age of a signed file, and what happens when. */
export type FileAge = {
/** Its version. */
version: number,
/** When it was made. */
issued: Timestamp,
/** From here on the bar warns. */
soft: Timestamp,
/** From here on nothing is judged. */
hard: Timestamp, };

/** What the rules found about a certificate. */
export type Finding = "accepted" | "no-rule" | "not-accepted" | "detected" | "unlisted" | "too-few-doses" | "too-recent" | "too-long-ago" | "own-days-to-come" | "own-days-over";

/** What a page knows of a GPS receiver. */
export type GpsView = { "kind": "unplugged" } | { "kind": "idle" } | { "kind": "asked",
/** Where it is, while a receiver says so. */
here: HereView | null, };

/** Where a laptop is. */
export type HereView = {
/** Latitude in millionths of a degree; north is positive. */
latitude: number,
/** Longitude in millionths of a degree; east is positive. */
longitude: number,
/** Metres by which that may be off, if the receiver says so. */
withinMetres: number | null, };

/** Why a code in view cannot be read. */
export type Hint = "too-far" | "blurred" | "too-bright" | "cut-off" | "too-dark" | "one-at-a-time" | "one-of-several" | "take-away" | "scan-incomplete" | "scan-doubled" | "scanned-twice" | "scanner-off";

/** One key of an issuer. */
export type IssuerItem = {
/** The issuer's name in Chinese. */
nameZh: string,
/** The issuer's name in English. */
nameEn: string,
/** How wide the region is for which it issues; absent if its codes count as foreign. */
level: RegionLevel | null,
/** The first day on which the key may sign. */
from: Timestamp,
/** The last one. */
until: Timestamp,
/** Whether another key of the same issuer follows it. */
followed: boolean, };

/** The four steps of joining. */
export type JoinSteps = {
/** A way leads to the office. */
reach: StepState,
/** It is the office. */
identity: StepState,
/** It takes the ticket. */
ticket: StepState,
/** The trust files are here. */
trust: StepState,
/** How long the first step took, in tenths of a second, once it is done. */
reachedIn: number | null, };

/** Whether this laptop is a kiosk. */
export type KioskState = {
/** Whether the settings say so: it holds from the next start on. */
chosen: boolean,
/** Whether the window is locked now. */
locked: boolean, };

/** When the screen is white around the camera's picture, to light what is held out. */
export type Lamp = "off" | "when-dark";

/** A language of the screen. */
export type Language = "system" | "zh" | "en";

/** A step of leaving service. */
export type LeaveStep = "begin" | "export";

/** A picture that is smaller, or comes less often, than was asked for. */
export type LesserPicture = {
/** Width in pixels. */
width: number,
/** Height in pixels. */
height: number,
/** Pictures per second. */
rate: number,
/** Whether the camera offers no larger size; if not, it offers no higher rate. */
small: boolean, };

/** How the back office is reached. */
export type Line = "online" | "offline" | "offline-clock";

/** One part of a name: its first letter, and how long it is. */
export type NamePart = {
/** The first letter. */
initial: string,
/** Number of letters, the first included. */
length: number, };

/** Why no station runs on a laptop. */
export type NoStation = "not-enrolled" | "in-use" | "withdrawn" | "left" | "no-station";

/** A change that the back office refused. It acts here no more. */
export type OfficeNotice = {
/** What was to be changed. */
change: ChangeKind,
/** Whom or what it was about: a masked name, or a checkpoint's name. Empty for the policy. */
subject: string,
/** Why it was refused. */
why: OfficeRefusal, };

/** Why the back office refused a change. */
export type OfficeRefusal = "not-allowed" | "not-there" | "taken" | "full" | "last-administrator" | "unverified" | "future" | "unusable";

/** Where a code comes from, seen from the checkpoint. */
export type Origin = "community" | "city" | "province" | "country" | "foreign";

/** What the collector did with a person. */
export type Outcome = "let-through" | "turned-away";

/** Somebody to choose among people with the same digits. */
export type PersonChoice = {
/** The person's id, in hex. */
id: string,
/** The masked name. */
maskedName: string, };

/** A cell of the policy's table. */
export type PolicyCell = {
/** What holds. */
ruling: Ruling,
/** The widest document that says so, by its place among the levels. */
by: number,
/** What was asked of the office for this cell, and is not in force yet. */
asked: Ruling | null, };

/** One document of the policy. */
export type PolicyLevel = {
/** Whose it is. */
level: RegionLevel,
/** The digits of the region; empty for the nation. */
region: string,
/** The number of the document. */
document: string,
/** Its version. */
version: number,
/** In force from. */
from: Timestamp,
/** In force until, where it ends. */
until: Timestamp | null, };

/** A limit of the policy. */
export type PolicyLimit = {
/** What holds. */
value: number,
/** The widest document that says so, by its place among the levels. */
by: number,
/** What was asked of the office, and is not in force yet. */
asked: number | null, };

/** The policy in force, and where each of its rulings comes from. */
export type PolicyView = {
/** The documents that are in force together, from the widest to the narrowest. */
levels: Array<PolicyLevel>,
/** The table: for each origin, from the community to abroad, a cell for each colour from green to
 * uncoloured. */
rows: Array<Array<PolicyCell>>,
/** Declared temperature in 0.1 °C from which somebody is looked at. */
fever: PolicyLimit,
/** Hours for which a declaration is good. */
declarationHours: PolicyLimit,
/** Seconds in which the same person counts as just recorded. */
repeatSeconds: number,
/** Days for which the office keeps passages; without it they are kept until they are erased. */
keepDays: number | null, };

/** A serial port. */
export type Port = { "by": "usb" } & DeviceIdentity | { "by": "path",
/** The path. */
path: string, };

/** A device that could be a scanner or a relay. It was seen, and not opened. */
export type PortItem = {
/** What names it to the station. */
key: string,
/** What it calls itself; may be empty. */
name: string,
/** Its own number, or where it is plugged in. */
place: string,
/** Whether it is a keyboard, and no serial port. */
keyboard: boolean,
/** What it is used as now. */
usedAs: PortUse | null, };

/** What a device is used as. */
export type PortUse = "scanner" | "relay";

/** What came of a code that was held out to try. What it says is not part of it. */
export type ReadTest = { "kind": "read",
/** By which camera. */
camera: WhichCamera,
/** Milliseconds from its picture to its text. */
millis: number, } | { "kind": "unreadable",
/** Why. */
hint: Hint, };

/** The one reason that decided: where several hold, the gravest, in the order of the variants. */
export type Reason = { "kind": "colour",
/** The code's colour. */
colour: Colour,
/** Where it comes from. */
origin: Origin, } | { "kind": "fever",
/** In 0.1 °C. */
tenths: number, } | { "kind": "symptoms",
/** Bits of [`crate::claims::symptom`]. */
bits: number, } | { "kind": "old-declaration",
/** Age in hours. */
hours: number, } | { "kind": "paper-code" } | { "kind": "passport" } | { "kind": "certificate",
/** What it certifies. */
certificate: CertificateKind,
/** What the row's rules found. */
finding: Finding,
/** Days since the event, in the policy's time zone. */
days: number,
/** Whole hours since the sample, where it certifies a test. */
hours: number | null, };

/** Receipts on a stick. */
export type ReceiptsOnStick = { "kind": "nothing" } | { "kind": "known" } | { "kind": "settles",
/** How many. */
reports: number, } | { "kind": "problem",
/** Why. */
why: StickProblem, };

/** What was on the screen when somebody was recorded. */
export type RecordedAs = "pass" | "check" | "stop" | "unjudged";

/** What was recorded of somebody a moment ago. */
export type RecordedBefore = {
/** What was on the screen. */
shown: RecordedAs,
/** What the collector did. */
outcome: Outcome, };

/** Why a code is refused. The serialised `kind` and [`Refusal::code`] are stable.
 *
 * In the order in which the checks are made; nothing after [`Refusal::Signature`] is decided on
 * bytes that nobody signed. */
export type Refusal = { "kind": "not-a-health-code" } | { "kind": "too-long" } | { "kind": "bad-encoding" } | { "kind": "truncated" } | { "kind": "malformed" } | { "kind": "non-canonical" } | { "kind": "bad-headers" } | { "kind": "wrong-algorithm" } | { "kind": "unknown-issuer" } | { "kind": "signature" } | { "kind": "bad-claims" } | { "kind": "wrong-issuer" } | { "kind": "key-not-in-force" } | { "kind": "life-too-long" } | { "kind": "out-of-region" } | { "kind": "not-recognised" } | { "kind": "revoked" } | { "kind": "not-yet-valid",
/** When it was or will be issued. */
iat: Timestamp, } | { "kind": "expired",
/** When it ended. */
exp: Timestamp, } | { "kind": "inflates-too-far" } | { "kind": "bad-compression" } | { "kind": "duplicate-kid" } | { "kind": "wrong-usage" } | { "kind": "wrong-version" } | { "kind": "several-events" } | { "kind": "impossible-date" } | { "kind": "born-after-issue" } | { "kind": "no-name" } | { "kind": "unreadable-name" };

/** How wide a region is. */
export type RegionLevel = "nation" | "province" | "city" | "district" | "street" | "community";

/** How a relay is switched. */
export type RelayKind = "bytes" | "rts" | "dtr";

/** The relay that is chosen. */
export type RelayNow = {
/** How it is switched; absent while none is chosen. */
kind: RelayKind | null,
/** What its device calls itself; empty where there is none, or it has no name. */
name: string,
/** For how long it is on, in milliseconds. */
pulse: number,
/** Why it does not work. */
fault: RelayTrouble | null,
/** What came of the last pulse by which it was tried. */
tried: RelayTried | null, };

/** Which relay to use, and how. */
export type RelayPick = {
/** What names the device of the list. */
key: string,
/** How it is switched. */
kind: RelayKind,
/** For how long it is on, in milliseconds. */
pulse: number, };

/** What came of a pulse by which a relay was tried. */
export type RelayTried = {
/** Why it was not pulsed. */
fault: RelayTrouble | null, };

/** Why a chosen relay does not work. It stops nothing: whoever stands at the gate opens by hand. */
export type RelayTrouble = "absent" | "no-permission" | "busy" | "unusable" | "is-scanner";

/** How the relay does. The bar says nothing of one that works. */
export type RelayView = {
/** Whether one is chosen. */
chosen: boolean,
/** Why it does not work; absent while it does. */
fault: RelayTrouble | null, };

/** Reports on their way to a stick. They stay here until a receipt acknowledges them. */
export type ReportsOnStick = { "kind": "nothing" } | { "kind": "out",
/** How many are written. */
reports: number,
/** How many more wait than one file holds: they go with the next stick. */
more: number, } | { "kind": "there",
/** How many. */
reports: number, } | { "kind": "problem",
/** Why. */
why: StickProblem, };

/** Where the resident's side is shown. */
export type ResidentDisplay = { "kind": "none" } | { "kind": "window" } | { "kind": "display",
/** The name that the system gives it. */
name: string, };

/** What a resident is asked to do. Two languages say each of these. */
export type ResidentView = "ready" | "pass" | "check" | "passport" | "refresh" | "wait" | "closed";

/** The answer to one code. */
export type ResultView = {
/** The scan; every [`CollectorInput`] about this result repeats it. */
scan: ScanId,
/** One of five answers, and why. */
answer: Answer,
/** What it is the answer to: the sentences of a certificate differ from those of a code. */
family: Family,
/** What was recorded of this person a moment ago; absent if nothing was. It stands beside the
 * answer, never instead of it. */
recordedBefore: RecordedBefore | null,
/** What the code says; absent if its signature did not hold. */
fields: CodeFields | null,
/** Whether Enter records it. */
canConfirm: boolean,
/** Whether T records that the person was turned away. */
canTurnAway: boolean,
/** Whether R leads to an address. */
canDeclareAgain: boolean,
/** Time left until the result clears itself. */
countdown: Countdown,
/** Why the last confirm could not be made durable: nothing was recorded. */
notRecorded: Fault | null, };

/** What a person may do. */
export type Role = "collector" | "administrator";

/** The root of a deployment, as people compare it with the deployment's card. */
export type RootView = {
/** Its version. */
version: number,
/** Its fingerprint in eight groups. */
fingerprint: Array<string>, };

/** What to do with the person, from the mildest to the strictest. */
export type Ruling = "pass" | "check" | "stop";

/** Names one scan while it is on the screen. */
export type ScanId = number;

/** Whom a code names that was read for an authorisation. */
export type ScannedPerson = {
/** The masked name. */
maskedName: string,
/** The masked identity number. */
maskedId: string,
/** The issuer's name in Chinese. */
issuerZh: string,
/** The issuer's name in English. */
issuerEn: string,
/** The digits of the region in which they live. */
region: string,
/** Whether that is this community. */
livesHere: boolean,
/** When the code was read. */
seenAt: Timestamp, };

/** The scanner to use. */
export type ScannerChoice = { "kind": "none" } | { "kind": "window" } | { "kind": "serial",
/** The port. */
port: Port,
/** Its speed in bits a second. */
speed?: number,
/** What the scanner puts before each text; a control character, `]Q1` and the like need no naming. */
prefix?: string, } | { "kind": "keyboard",
/** The keyboard. */
device: DeviceIdentity,
/** What the scanner puts before each text, as with a serial port. */
prefix?: string, };

/** Why a scanner does not work. */
export type ScannerFault = "absent" | "no-permission" | "busy" | "unusable";

/** What a scanner typed into the window. */
export type ScannerInput = { "kind": "typed",
/** The text. */
text: string, } | { "kind": "broken" };

/** The hand scanner that is chosen. */
export type ScannerNow = {
/** How it sends what it reads. */
way: ScannerWay,
/** What its device calls itself; empty where there is no device, or it has no name. */
name: string,
/** Why it does not work. */
fault: ScannerTrouble | null,
/** When it sent something last, in this run. */
lastRead: Timestamp | null, };

/** Which hand scanner to use. */
export type ScannerPick = { "by": "none" } | { "by": "window" } | { "by": "device",
/** What names it. */
key: string, };

/** Why a chosen hand scanner does not work. */
export type ScannerTrouble = "absent" | "no-permission" | "busy" | "unusable";

/** How the hand scanner does. */
export type ScannerView = {
/** How it sends what it reads. */
way: ScannerWay,
/** Why it does not work; absent while it does, and where nobody can tell. */
fault: ScannerTrouble | null,
/** So many characters of a code have come; absent while none comes. */
reading: number | null, };

/** How a hand scanner sends what it reads. */
export type ScannerWay = "none" | "window" | "serial" | "keyboard";

/** The main part of a view. In JSON `wing` and `kind` together name the screen. */
export type Screen = { "wing": "collector" } & CollectorScreen | { "wing": "shift" } & ShiftScreen | { "wing": "station" } & StationScreen | { "wing": "workbench" } & WorkbenchScreen;

/** A self-test, while it runs and afterwards. */
export type SelfTest = {
/** When it began. */
at: Timestamp,
/** Its lines, in their order. */
lines: Array<TestLine>, };

/** The settings that the window may know. */
export type Settings = {
/** What the technician called the laptop. */
name: string,
/** The language of the screen. */
language: Language,
/** The colours of the screen. */
theme: Theme,
/** The second language stands small beside the first. */
gloss: boolean,
/** The camera's picture is shown as in a mirror. */
mirrored: boolean,
/** Where the resident's side is. */
residentDisplay: ResidentDisplay,
/** Only an administrator leaves the window, from the next start on. */
kiosk: boolean,
/** How loud sounds are, from 0 to 100. */
volume: number,
/** Whether the screen is a lamp. */
lamp: Lamp,
/** In which languages the resident's side is spoken. */
voice: Voice, };

/** Names one shift, from signing in to signing out. */
export type ShiftId = number;

/** What a person can do about the shift. */
export type ShiftInput = { "kind": "sign-in",
/** The last four digits of the phone, as typed. */
digits: string,
/** The person's id in hex, where several people have these digits. */
person: string | null,
/** The PIN or an administrator's secret, as typed; zeroised after use. */
secret: string, } | { "kind": "choose-checkpoint",
/** The checkpoint's id, in hex. */
id: string,
/** The direction in which people pass here; one that the checkpoint has. */
direction: Direction, } | { "kind": "add-checkpoint",
/** The new checkpoint's name. */
name: string,
/** The directions in which people pass there. */
directions: Directions, } | { "kind": "switch-checkpoint" } | { "kind": "back" } | { "kind": "open-workbench" } | { "kind": "end-shift",
/** The shift that the person looked at ([`StatusBar::shift`](super::bar::StatusBar::shift)). */
shift: ShiftId, } | { "kind": "resume-shift" };

/** What is shown while nobody is on duty at a checkpoint. */
export type ShiftScreen = { "kind": "signed-out",
/** Whether a PIN is being checked. */
checking: boolean,
/** What was wrong with the last try, or how the last shift ended. */
problem: SignInProblem | null,
/** The people whose phones end in the digits of the last try, if they are several: the
 * window sends the same try again with one of them. */
choices: Array<PersonChoice>,
/** For how long the shift that a person has just ended can be taken up again. */
resumable: Countdown | null, } | { "kind": "door",
/** Whether a PIN is being checked. */
checking: boolean,
/** What was wrong with the last try. */
problem: SignInProblem | null,
/** The people whose phones end in the digits of the last try, if they are several. */
choices: Array<PersonChoice>,
/** The masked name of somebody who is no administrator, if the last PIN was theirs or they are
 * on duty here. */
noAdministrator: string | null,
/** Whom to ask; may be empty. */
contact: string, } | { "kind": "choose-checkpoint",
/** The community's checkpoints. */
rows: Array<CheckpointRow>,
/** Whether this person may add one. */
mayAdd: boolean,
/** What was wrong with the name just added. */
problem: CheckpointProblem | null, };

/** Why nobody could be signed in. */
export type SignInProblem = { "kind": "wrong-digits-or-secret" } | { "kind": "wait",
/** Seconds until the next try is taken. */
seconds: number, } | { "kind": "removed" } | { "kind": "changed" } | { "kind": "idle" } | { "kind": "not-checked" };

/** A sound by name; the window makes it. */
export type Sound = "pass" | "check" | "stop" | "invalid" | "recorded" | "tick" | "unconfirmed" | "fault";

/** A sound that the window makes, and what it says after it. */
export type Sounded = { sound: Sound,
/** What is spoken, if anything: what the resident's side shows. */
says: ResidentView | null, };

/** What a person can answer to the station. */
export type StationInput = { "kind": "fault-seen" } | { "kind": "carry-stick" } | { "kind": "assert-time",
/** The time that the person looked at ([`StatusBar::now`](super::bar::StatusBar::now)). */
shown: Timestamp, };

/** What the station says of itself. */
export type StationScreen = { "kind": "fault",
/** What is wrong. */
fault: Fault,
/** For how many seconds it has been wrong. */
seconds: number,
/** Whether a person has seen it, so that it is silent. */
seen: boolean,
/** Whether this person may vouch for the time on the screen. */
mayAssertTime: boolean, } | { "kind": "out-of-service",
/** Whether an administrator at this laptop took it out of service, and not the office. */
left: boolean,
/** Whom to ask; may be empty. */
contact: string,
/** Reports that still wait to be sent; then trust and keys are erased. */
waiting: number,
/** What came of carrying a stick, once somebody did; what waits leaves by one, too. */
stick: SticksSeen | null,
/** Whether a stick is being carried. */
carrying: boolean, };

/** The status bar. */
export type StatusBar = {
/** The checkpoint at which the station stands. */
checkpoint: string | null,
/** The masked name of whoever is signed in. */
collector: string | null,
/** The shift of whoever is signed in. */
shift: ShiftId | null,
/** The masked name of the administrator who has opened the workbench. */
administrator: string | null,
/** The direction in which people pass the checkpoint. */
direction: Direction | null,
/** How the back office is reached. */
line: Line,
/** Number of reports in the outbox. */
waiting: number,
/** Number of reports that the back office calls malformed. They are kept, and not sent, until
 * somebody exports them. */
setAside: number,
/** Age of the trust list. */
trust: TrustAge,
/** Whether the clock is known to be wrong. */
clockWrong: boolean,
/** The masked name of the administrator who vouches for the clock; absent if nobody has to. */
assertedBy: string | null,
/** The battery, if there is one. */
battery: Battery | null,
/** Whether the root says that the deployment is for trying only. */
trial: boolean,
/** Whether the camera is the simulated one. */
simulatedCamera: boolean,
/** What else is known about the camera. */
camera: CameraView,
/** How the hand scanner does. */
scanner: ScannerView,
/** How the relay does. */
relay: RelayView,
/** Whether other programs leave too little time for reading codes. */
busy: boolean,
/** What the wall clock said at the last change of the view. */
now: Timestamp, };

/** How far a step is. */
export type StepState = "pending" | "running" | "done" | "failed";

/** Why something does not come from a stick, or does not go to it. Nothing is lost by any of them. */
export type StickProblem = "too-large" | "not-a-file" | "pulled" | "full" | "read-only" | "malformed" | "other-station" | "other-deployment" | "older" | "expired" | "future" | "incomplete" | "not-kept" | "no-station";

/** A stick. */
export type StickSeen = {
/** What it is called. */
name: string,
/** Bytes that are free on it. */
free: number | null,
/** Whether this says what was done; otherwise it says what would be. */
carried: boolean,
/** Trust files that come in. */
trust: TrustOnStick,
/** Receipts that come in. */
receipts: ReceiptsOnStick,
/** Sealed reports that go out. */
reports: ReportsOnStick, };

/** The workbench's page of the stick. */
export type StickView = {
/** What was found; absent until the shell has looked. */
seen: SticksSeen | null,
/** Whether the stick is being carried. */
carrying: boolean,
/** Whether a stick was plugged in that did not answer. */
silent: boolean,
/** Reports that wait here. */
waiting: number,
/** Until when this gate can judge alone; absent without trust. */
alone: AloneView | null,
/** For how many reports a day the room is told. */
aDay: number,
/** Days for which the laptop's disk has room, where that is known. */
days: number | null, };

/** What the shell found when it looked for a stick. */
export type SticksSeen = {
/** The stick; absent where none is plugged in. */
stick: StickSeen | null,
/** How many more are plugged in: they are left alone. */
others: number,
/** Bytes that are free on the laptop's own disk, where the queue lies. */
diskFree: number | null, };

/** What is wrong, by a stable code. The window says what to do. */
export type TestFailure = { "code": "camera",
/** Which. */
fault: Fault, } | { "code": "few-pictures",
/** How many came in a second. */
rate: number, } | { "code": "frozen" } | { "code": "scanner",
/** Why. */
trouble: ScannerTrouble, } | { "code": "relay",
/** Why. */
trouble: RelayTrouble, } | { "code": "samples-unread",
/** How many were read. */
read: number,
/** Of how many. */
count: number, } | { "code": "samples-slow",
/** The longest time that one took, in milliseconds. */
millis: number, } | { "code": "not-heard" } | { "code": "disk-full",
/** Free room in megabytes. */
free: number, } | { "code": "disk-not-writable" } | { "code": "disk-altered" } | { "code": "no-reserve" } | { "code": "clock-wrong" } | { "code": "trust-missing" } | { "code": "trust-refused" } | { "code": "trust-expired" } | { "code": "trust-old",
/** The list's age in days. */
days: number, } | { "code": "outbox-damaged" } | { "code": "outbox-busy" } | { "code": "set-aside",
/** How many. */
count: number, } | { "code": "key-unreadable" } | { "code": "key-wrong" } | { "code": "network-clock" } | { "code": "not-the-office" } | { "code": "battery-low",
/** From 0 to 100. */
percent: number, } | { "code": "display-missing" } | { "code": "not-tried" };

/** What was found where nothing is wrong. */
export type TestFinding = { "kind": "pictures",
/** How many. */
rate: number, } | { "kind": "samples",
/** How many. */
count: number,
/** The longest time that one took, in milliseconds. */
millis: number, } | { "kind": "scanner-reads" } | { "kind": "relay-there" } | { "kind": "heard" } | { "kind": "written",
/** Free room in megabytes. */
free: number, } | { "kind": "on-time" } | { "kind": "vouched-for" } | { "kind": "signed",
/** The trust list's version. */
list: number,
/** The community file's version. */
community: number, } | { "kind": "whole",
/** How many reports wait in it. */
waiting: number, } | { "kind": "signs" } | { "kind": "answers" } | { "kind": "offline" } | { "kind": "charge",
/** From 0 to 100. */
percent: number, } | { "kind": "mains" } | { "kind": "connected" };

/** One line of a self-test. */
export type TestLine = {
/** What it is about. */
subject: TestSubject,
/** What came of it. */
outcome: TestOutcome, };

/** What came of a line. */
export type TestOutcome = { "kind": "running" } | { "kind": "asks" } | { "kind": "well",
/** What was found. */
found: TestFinding, } | { "kind": "failed",
/** What is wrong. */
why: TestFailure, };

/** What a line is about. */
export type TestSubject = "camera" | "second-camera" | "scanner" | "relay" | "reading" | "sound" | "disk" | "clock" | "trust" | "outbox" | "key" | "network" | "battery" | "display";

/** The colours of the screen. */
export type Theme = "system" | "light" | "dark" | "contrast";

/** What a person does with a ticket. */
export type TicketInput = { "kind": "show" } | { "kind": "from-stick" } | { "kind": "offer",
/** The text. */
text: string, } | { "kind": "confirm" } | { "kind": "by-stick" } | { "kind": "back" };

/** What was shown or pasted instead of a ticket. */
export type TicketProblem = "broken" | "health-code" | "certificate" | "address" | "empty" | "no-stick" | "other";

/** What a ticket says, for a person to compare. None of it is proven. */
export type TicketView = {
/** The community; may be empty. */
community: string,
/** The office; may be empty. */
office: string,
/** A name for the laptop; may be empty. */
laptop: string,
/** The office's host. */
host: string,
/** The office's port. */
port: number,
/** When the ticket expires. */
expires: Timestamp,
/** The eight groups to compare. */
fingerprint: Array<string>, };

/** Seconds since 1970-01-01T00:00:00Z, without leap seconds. */
export type Timestamp = number;

/** How old the trust list is. */
export type TrustAge = {
/** Age in seconds; absent if there is no list. */
seconds: number | null,
/** Whether the list is past its soft expiry. */
old: boolean,
/** The ages that matter; absent if there is no list. */
limits: TrustLimits | null, };

/** The ages of a trust list that matter, in seconds. */
export type TrustLimits = {
/** From this age on the list is old: somebody should ask why. */
soft: number,
/** From this age on nothing is judged by it. */
hard: number, };

/** Trust files on a stick, beside those in force. */
export type TrustOnStick = { "kind": "nothing" } | { "kind": "current" } | { "kind": "newer",
/** The root's version before and after. */
root: Versions,
/** The list's. */
list: Versions,
/** The community file's. */
community: Versions,
/** How many more revocations there are. */
revocations: number,
/** How many more people the community lists. */
people: number,
/** How many more checkpoints it has. */
checkpoints: number,
/** Whether other policies are in force. */
policies: boolean,
/** Until when this gate can judge by them without anything newer. */
until: Timestamp,
/** Why something else on the stick is left out. */
leftOut: StickProblem | null, } | { "kind": "problem",
/** Why. */
why: StickProblem, };

/** What came of asking the office for newer files. */
export type TrustUpdate = { "kind": "asking" } | { "kind": "no-answer" } | { "kind": "current" } | { "kind": "coming" } | { "kind": "newer",
/** The version of the list before. */
from: number,
/** The version of the list now. */
to: number, };

/** The trust files, their ages, and what happens when. */
export type TrustView = {
/** The version of the root. */
root: number,
/** The trust list. */
list: FileAge,
/** The community's file. */
community: FileAge,
/** The keys of the issuers, at most [`ISSUERS_SHOWN`](crate::limits::ISSUERS_SHOWN). */
issuers: Array<IssuerItem>,
/** Keys that are not among them. */
more: number,
/** Keys of document signers abroad. */
signers: number,
/** Number of revocations. */
revoked: number, };

/** What a person did at the screen. In JSON `wing` and `kind` together name the input. */
export type UserInput = { "wing": "collector" } & CollectorInput | { "wing": "shift" } & ShiftInput | { "wing": "station" } & StationInput | { "wing": "workbench" } & WorkbenchInput | { "wing": "scanner" } & ScannerInput;

/** A file's version before and after. */
export type Versions = {
/** The one in force before. */
from: number,
/** The one on the stick. */
to: number, };

/** All that the window shows. */
export type View = {
/** The main part. */
screen: Screen,
/** The status bar along the foot. */
bar: StatusBar,
/** Whom to call in this community, as its file says; may be empty. */
contact: string, };

/** In which languages what the resident's side shows is spoken, after a result's own tone. */
export type Voice = "off" | "zh" | "en" | "both";

/** One of two cameras. */
export type WhichCamera = "first" | "second";

/** One whole window. */
export type WindowView = { "state": "no-station",
/** The reason. */
why: NoStation,
/** Whom to ask, where the reason is that the station was withdrawn; may be empty. */
contact?: string,
/** Where the reports are that could not be sent, where the reason is that the laptop left service. */
exported?: ExportedReports, } | { "state": "entrance",
/** What the entrance shows. */
view: EntranceView, } | { "state": "station",
/** What the gate shows. */
view: View, };

/** What every page of the workbench shows. */
export type WorkbenchFrame = {
/** The community's name. */
community: string,
/** What the back office refused, until somebody has seen it. */
notices: Array<OfficeNotice>, };

/** What can be done in the workbench. */
export type WorkbenchInput = { "kind": "lock" } | { "kind": "turn",
/** Which. */
page: WorkbenchPage, } | { "kind": "add-checkpoint",
/** Its name. */
name: string,
/** The directions in which people pass there. */
directions: Directions, } | { "kind": "locate",
/** Whether to listen. */
asked: boolean, } | { "kind": "change-checkpoint",
/** Its id, in hex. */
id: string,
/** Its name from now on. */
name: string,
/** Its directions from now on. */
directions: Directions, } | { "kind": "remove-checkpoint",
/** Its id, in hex. */
id: string, } | { "kind": "set-current",
/** Its id, in hex. */
id: string, } | { "kind": "scan-collector" } | { "kind": "add-collector",
/** Their phone number, as typed; only its mask is kept. */
phone: string,
/** Their PIN, as they typed it; zeroised after use. */
pin: string,
/** The PIN once more. */
again: string, } | { "kind": "stop-adding" } | { "kind": "choose-new-pin",
/** Their id, in hex. */
id: string, } | { "kind": "set-pin",
/** The PIN, as they typed it; zeroised after use. */
pin: string,
/** The PIN once more. */
again: string, } | { "kind": "restore-collector",
/** Their id, in hex. */
id: string, } | { "kind": "remove-collector",
/** Their id, in hex. */
id: string, } | { "kind": "undo",
/** The id of who or what was removed, in hex. */
id: string, } | { "kind": "undo-last" } | { "kind": "make-cell-stricter",
/** Five times the row, plus the column. */
cell: number,
/** What it is to say. */
ruling: Ruling, } | { "kind": "make-limits-stricter",
/** The temperature in 0.1 °C from which somebody is looked at. */
fever: number | null,
/** The hours for which a declaration is good. */
declarationHours: number | null, } | { "kind": "update-trust" } | { "kind": "carry-stick" } | { "kind": "device",
/** What. */
input: DeviceInput, } | { "kind": "notices-seen" };

/** The pages in the workbench's side bar. */
export type WorkbenchPage = "checkpoints" | "collectors" | "policy" | "trust" | "stick" | "device" | "enrolment";

/** A page of the workbench. */
export type WorkbenchScreen = { "kind": "checkpoints",
/** What every page shows. */
frame: WorkbenchFrame,
/** The checkpoint at which this station stands, or stood last. */
current: CheckpointItem | null,
/** The others. */
rows: Array<CheckpointItem>,
/** Where the laptop is. */
gps: GpsView,
/** Whether a change is on its way to the disk. */
saving: boolean,
/** Why the last change was not made. */
problem: ChangeProblem | null, } | { "kind": "collectors",
/** What every page shows. */
frame: WorkbenchFrame,
/** The collectors, by masked phone number. */
rows: Array<CollectorItem>,
/** Why the last change was not made. */
problem: ChangeProblem | null, } | { "kind": "add-collector",
/** What every page shows. */
frame: WorkbenchFrame,
/** Whom the code names, once one was read; the camera reads until then. */
person: ScannedPerson | null,
/** What keeps the code in view from being read. */
hint: Hint | null,
/** Whether the PIN is being hashed, or the change is on its way to the disk. */
saving: boolean,
/** What is wrong, at the field that it is about. */
problem: AddProblem | null, } | { "kind": "new-pin",
/** What every page shows. */
frame: WorkbenchFrame,
/** Their masked name. */
maskedName: string,
/** Their masked phone number. */
maskedPhone: string,
/** Whether the PIN is being hashed, or the change is on its way to the disk. */
saving: boolean,
/** What is wrong. */
problem: AddProblem | null, } | { "kind": "policy",
/** What every page shows. */
frame: WorkbenchFrame,
/** What holds; absent if no policy is in force. */
policy: PolicyView | null,
/** Whether a change is on its way to the disk. */
saving: boolean,
/** Why the last change was not made. */
problem: ChangeProblem | null, } | { "kind": "trust",
/** What every page shows. */
frame: WorkbenchFrame,
/** The files; absent if there are none. */
trust: TrustView | null,
/** What came of asking for newer ones, once somebody did. */
update: TrustUpdate | null, } | { "kind": "stick",
/** What every page shows. */
frame: WorkbenchFrame,
/** What is on it, and for how long this gate needs nothing else. */
stick: StickView, } | { "kind": "device",
/** What every page shows. */
frame: WorkbenchFrame,
/** What the shell knows of it. */
device: DeviceView, } | { "kind": "enrolment",
/** What every page shows. */
frame: WorkbenchFrame,
/** Where. */
place: EnrolmentView, };
