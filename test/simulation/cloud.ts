/** An answer of a cloud, as bytes. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A cloud with one project, and a way to it for people and checks. */
export interface Cloud {
  /** As `http://cloud.test/api/projects`. */
  readonly baseUrl: string;
  readonly key: string;
  readonly projectId: string;
  handle(method: string, url: string, headers: Headers, body: Uint8Array): Promise<Answer>;

  // What people do through another client. Where it can't be done, nothing is.
  write(path: string, text: string): Promise<boolean>;
  remove(path: string): Promise<boolean>;
  makeFolder(path: string): Promise<boolean>;
  rename(from: string, to: string): Promise<boolean>;
  /** The feed of changes no longer reaches back. */
  forgetChanges(): Promise<void>;

  /** Text by path; null for a folder. */
  tree(): Promise<Map<string, string | null>>;
  /** Whether any version that was committed has this text. */
  keeps(text: string): Promise<boolean>;
  /** The file at the path; null: there is none, or that is not known. `since` is in the world's time. */
  fileAt(
    path: string
  ): { readonly version: string; readonly since: number; readonly text: string } | null;
  /** The text of a version that was committed; null where it was not. */
  textOf(version: string): Promise<string | null>;
  /** Whether any path ever held the content of this sha256: a file may be moved. */
  everHeld(sha256: string): Promise<boolean>;
}
