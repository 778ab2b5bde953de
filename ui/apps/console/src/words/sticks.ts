import type { StickFileProblem } from "./codes";

/** What is said of sticks, by which laptops without a network are served. */
export interface SticksWords {
  open: string;
  title: string;
  note: string;
  brought: string;
  broughtNote: string;
  choose: string;
  taking: string;
  taken: (name: string, fresh: number, known: number) => string;
  conflicts: (count: number) => string;
  refused: (count: number, code: string) => string;
  receipts: string;
  receiptsNote: string;
  enrolled: (name: string, place: string) => string;
  answer: string;
  answerNote: string;
  give: string;
  giveNote: string;
  community: string;
  download: string;
  given: string;
  problems: Record<StickFileProblem, string>;
}
