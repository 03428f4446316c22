/** What a view has when the person merges: the content that came of it. */
export interface MergeResult {
  /** null where it would be none that the file can have. */
  readonly text: string | null;
  /** In how many places the person has not chosen. */
  readonly open: number;
}

/** Tells the result as it is at the moment; null while there is none. */
export type TakeResult = () => MergeResult | null;
