/** Who makes a request. */
export interface Actor {
  readonly id: string;
  readonly name: string;
  readonly organizations: readonly ActorOrganization[];
}

export interface ActorOrganization {
  readonly id: string;
  readonly name: string;
  readonly title: string | null;
}
