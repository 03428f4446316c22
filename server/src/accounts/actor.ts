/** Who makes a request. */
export interface Actor {
  readonly id: string;
  readonly name: string;
  readonly organizations: readonly ActorOrganization[];
}

/** An actor whose API key was accepted. */
export interface SignedInActor extends Actor {
  readonly keyId: string;
}

export interface ActorOrganization {
  readonly id: string;
  readonly name: string;
  readonly title: string | null;
}
