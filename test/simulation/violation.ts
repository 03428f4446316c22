/** An invariant of the sync rules that does not hold. */
export class Violation extends Error {
  constructor(
    /** Names the invariant, as `no-loss`: a smaller scenario must break the same. */
    readonly invariant: string,
    message: string
  ) {
    super(`${invariant}: ${message}`);
    this.name = 'Violation';
  }
}
