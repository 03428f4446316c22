/** Counts the requests sent to each side since the page opened. */
export class RequestCounter {
  get sent(): { readonly jupyter: number; readonly cloud: number } {
    return { jupyter: this.#jupyter, cloud: this.#cloud };
  }

  readonly toJupyter = (): void => {
    this.#jupyter += 1;
  };

  readonly toCloud = (): void => {
    this.#cloud += 1;
  };

  #jupyter = 0;
  #cloud = 0;
}
