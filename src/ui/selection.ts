import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

/** Which project is unfolded in the panel, and whether the activity is. The only state beside the model's. */
export class Selection {
  /** null when none is unfolded. */
  get projectId(): string | null {
    return this.#projectId;
  }

  get showsActivity(): boolean {
    return this.#showsActivity;
  }

  get changed(): ISignal<this, void> {
    return this.#changed;
  }

  select(projectId: string | null): void {
    if (projectId !== this.#projectId) {
      this.#projectId = projectId;
      this.#changed.emit();
    }
  }

  showActivity(shows: boolean): void {
    if (shows !== this.#showsActivity) {
      this.#showsActivity = shows;
      this.#changed.emit();
    }
  }

  #projectId: string | null = null;
  #showsActivity = false;
  readonly #changed = new Signal<this, void>(this);
}
