import { Signal } from '@lumino/signaling';

import type { Account, Activity, Connection, IProjects, ProjectSummary } from '../tokens';

/** What is told of, as it is now. */
export interface News {
  readonly connection: Connection;
  readonly connectionMessage: string;
  readonly cloudUrl: string;
  readonly account: Account | null;
  readonly projects: readonly ProjectSummary[];
  /** Newest first. */
  readonly activity: readonly Activity[];
}

/** Remembers what was told last: of news, a signal fires for what has changed. */
export class Announcements {
  /** @param sender - of the signals; who disposes of it clears them */
  constructor(sender: IProjects) {
    this.connectionChanged = new Signal(sender);
    this.accountChanged = new Signal(sender);
    this.projectsChanged = new Signal(sender);
    this.activityChanged = new Signal(sender);
  }

  readonly connectionChanged: Signal<IProjects, void>;
  readonly accountChanged: Signal<IProjects, void>;
  readonly projectsChanged: Signal<IProjects, void>;
  readonly activityChanged: Signal<IProjects, void>;

  /** As they were told last; the same array until they change. */
  get projects(): readonly ProjectSummary[] {
    return this.#projects;
  }

  tell(news: News): void {
    if (JSON.stringify(news.projects) !== JSON.stringify(this.#projects)) {
      this.#projects = news.projects;
      this.projectsChanged.emit();
    }
    const connection = `${news.connection} ${news.connectionMessage} ${news.cloudUrl}`;
    if (connection !== this.#connection) {
      this.#connection = connection;
      this.connectionChanged.emit();
    }
    if (news.account?.id !== this.#account) {
      this.#account = news.account?.id;
      this.accountChanged.emit();
    }
    if (news.activity[0] !== this.#activity) {
      this.#activity = news.activity[0];
      this.activityChanged.emit();
    }
  }

  #projects: readonly ProjectSummary[] = [];
  #connection = '';
  #account: string | undefined;
  #activity: Activity | undefined;
}
