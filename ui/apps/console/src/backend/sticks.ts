/** A laptop that was taken in by its request on a stick. */
export interface StickAnswered {
  station: string;
  name: string;
  community: string;
  place: string;
  /** `answer.cbor` in base64. */
  answer: string;
}

/** What became of a file of reports that a stick brought. */
export interface StickTaken {
  station: string;
  name: string;
  batches: number;
  new: number;
  known: number;
  conflicts: number;
  refused: { batch: number; code: string }[];
  /** `receipts.cbor` in base64; absent where no batch was committed. */
  receipts?: string | null;
}
