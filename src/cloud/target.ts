import type { FilesClient } from './files-client';
import type { Limits } from './schemas';

/** The project that is written to. */
export interface CloudTarget {
  readonly files: FilesClient;
  readonly projectId: string;
  readonly limits: Limits;
  /** The revision that the last scan saw; null or left out: none that is known. */
  readonly seenRevision?: number | null;
}
