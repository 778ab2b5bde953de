import type { SticksWords } from "../sticks";
import { plural } from "./common";

export const sticks: SticksWords = {
  open: "USB stick",
  title: "USB stick",
  note: "For laptops without a network. The same file again, or the same records sent later, change nothing.",
  brought: "Records from a stick",
  broughtNote: "reports.cbor, in the folder on the stick that is called by the laptop’s number.",
  choose: "Choose reports.cbor",
  taking: "Taking it in…",
  taken: (name, fresh, known) =>
    `${name}: ${plural(fresh, "new record")}${known === 0 ? "" : `, ${known} known already`}`,
  conflicts: (count) =>
    `Of ${plural(count, "record")} the office had another one. It keeps both; the alerts say more.`,
  refused: (count, code) =>
    `${plural(count, "part")} of the file did not verify (${code}). The rest was taken.`,
  receipts: "Save receipts.cbor",
  receiptsNote: "Lay it beside reports.cbor on the stick. Only then does the laptop let go of them.",
  give: "Trust files for a stick",
  giveNote:
    "Unpack the archive into the stick’s top folder. People and checkpoints in it open on this community’s laptops alone.",
  community: "Community",
  download: "Save the trust files",
  given: "Saved. Unpack it into the stick’s top folder.",
  problems: {
    "too-large":
      "This file is longer than a laptop writes one. Take it in by command on the office’s machine.",
    malformed: "This is no file of records, or it is broken.",
    "other-station": "Two laptops’ records are mixed in this file.",
  },
};
