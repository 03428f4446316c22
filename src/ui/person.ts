import type { ProjectSummary } from '../tokens';
import type { Message } from './report-words';

/** One of several things to choose from. */
export interface Option<T> {
  readonly value: T;
  /** Different from that of the other options. */
  readonly label: string;
}

/**
 * The person in front of the page: what can be asked of them and told to them.
 *
 * #### Notes
 * A question resolves with null when it was dismissed.
 */
export interface IPerson {
  /** The API key, typed where it can't be read over the shoulder. */
  askApiKey(cloudUrl: string): Promise<string | null>;
  /** A folder that exists, relative to the Jupyter root. */
  askFolder(title: string): Promise<string | null>;
  /** One of the projects: its id. */
  askProject(title: string, projects: readonly ProjectSummary[]): Promise<string | null>;
  askText(title: string, label: string, text: string): Promise<string | null>;
  askOption<T>(title: string, label: string, options: readonly Option<T>[]): Promise<T | null>;
  confirm(title: string, text: string, accept: string): Promise<boolean>;
  /** Lets them see and change who may do what with a project; resolves when they have done so. */
  showSharing(projectId: string): Promise<void>;
  tell(message: Message): void;
  tellError(title: string, error: unknown): void;
}
