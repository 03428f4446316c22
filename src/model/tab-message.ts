import type { Progress, ProjectsErrorCode } from '../tokens';
import type { Answer, Errand, Outcome } from './errand';

/** Who is signed in where: a page carries out nothing for one that sees another cloud, or is another person's. */
export interface Identity {
  readonly cloudUrl: string;
  readonly accountId: string;
}

/** An errand that any page of the browser may carry out; plain data. */
export interface Request {
  readonly projectId: string;
  readonly errand: Errand;
  readonly identity: Identity;
}

export interface Failure {
  readonly code: ProjectsErrorCode;
  readonly message: string;
}

/** What the pages of a browser tell each other; plain data. */
export type TabMessage =
  /** The state was saved. */
  | { readonly kind: 'saved' }
  /** A run goes on in the page: told a few times a second at most, and every two seconds at least. */
  | {
      readonly kind: 'running';
      readonly page: string;
      readonly projectId: string;
      readonly progress: Progress;
    }
  /** It ended; null: without a report. */
  | {
      readonly kind: 'ended';
      readonly page: string;
      readonly projectId: string;
      readonly outcome: Outcome | null;
    }
  /** The person cancelled the project's runs, wherever they are. */
  | { readonly kind: 'cancel'; readonly projectId: string }
  /** Whoever has the turn may do this in it. */
  | { readonly kind: 'asked'; readonly id: string; readonly request: Request }
  | { readonly kind: 'accepted'; readonly id: string }
  /** Each page may tell what is unsaved in its documents. */
  | { readonly kind: 'whose-drafts' }
  /** Paths of the page's documents with unsaved work, relative to the Jupyter root. */
  | { readonly kind: 'drafts'; readonly page: string; readonly paths: readonly string[] }
  /** Whether a document of the page that is asked could take this; null: that its file goes. */
  | {
      readonly kind: 'admit';
      readonly id: string;
      readonly page: string;
      readonly path: string;
      readonly content: Uint8Array | null;
    }
  | { readonly kind: 'admitted'; readonly id: string; readonly isAdmitted: boolean }
  | {
      readonly kind: 'answered';
      readonly id: string;
      readonly answer: Answer | Failure;
    };

/** null: it says nothing to us. */
export function messageOf(data: unknown): TabMessage | null {
  if (typeof data === 'object' && data !== null && 'kind' in data) {
    // Of our own origin, and the channel's name is ours.
    return data as TabMessage;
  }
  return null;
}
