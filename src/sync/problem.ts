/**
 * Why one path could not be synced. It enters the report, blocks no other path, and leads to no deletion anywhere.
 */
export interface Problem {
  /** Relative to the project's root. */
  readonly path: string;
  readonly code: ProblemCode;
  /** For a person: what happened, and what they can do. */
  readonly message: string;
}

export type ProblemCode =
  /** The name can't be held or shown by a side. */
  | 'invalid-name'
  | 'not-visible'
  | 'name-clash'
  /** The side could not read it now. */
  | 'unreadable'
  /** The content that came does not fit its hash or size. */
  | 'corrupt'
  /** It kept changing while the run tried to sync it. */
  | 'busy'
  | 'forbidden'
  | 'disk-full'
  | 'quota-exceeded'
  | 'too-large'
  /** A directory that can't go because something ignored or unseen is in it. */
  | 'not-empty'
  /** A one-way sync did not do it. */
  | 'left'
  /** The person stopped the run; the next one goes on. */
  | 'cancelled'
  /** The side could not be reached. */
  | 'offline'
  | 'signed-out'
  /** A write had not ended when the page was closed, and its content can't be had again. */
  | 'interrupted'
  /** The side refused, for a reason of its own. */
  | 'failed';

/** Why a whole run could not be done. */
export type ReplicaErrorCode =
  | 'offline'
  | 'signed-out'
  | 'forbidden'
  /** The answer was not one that this side may give. */
  | 'unexpected-answer'
  | 'failed';

/**
 * A side could not be reached or understood at all: the run ends without further writes.
 */
export class ReplicaError extends Error {
  constructor(
    readonly code: ReplicaErrorCode,
    message: string,
    options?: ErrorOptions
  ) {
    super(message, options);
    this.name = 'ReplicaError';
  }
}
