import type { SqlJsStatic } from 'sql.js';

import type { Memory } from '../../src/sync/memory';
import type { ConflictPolicy } from '../../src/sync/reconcile';
import type { RunResult } from '../../src/sync/run';
import { takingsOf } from '../../src/sync/word';
import type { Word } from '../../src/sync/word';
import type { Cloud } from './cloud';
import type { FakeDisk } from './fake-disk';
import type { JupyterTraits } from './fake-jupyter';
import { OpenPage } from './page';
import type { Task } from './page';
import type { QuickFiles } from './quick-state';
import type { Errand } from './scenario';
import type { World } from './world';
import type { Writings } from './writings';

export interface DeviceTraits extends JupyterTraits {
  readonly policy: ConflictPolicy;
  readonly syncHidden: boolean;
  readonly tabs: 'one' | 'turns' | 'at-once';
}

/** What all that is simulated shares. */
export interface Scene {
  readonly world: World;
  readonly cloud: Cloud;
  readonly writings: Writings;
  /** Where the state is a database; null: where it is not. */
  readonly sqlJs: SqlJsStatic | null;
}

/** A Jupyter server with a browser, in which pages may be open. */
export class Device {
  constructor(
    readonly name: string,
    readonly scene: Scene,
    readonly disk: FakeDisk,
    readonly traits: DeviceTraits
  ) {}

  readonly quickFiles: QuickFiles = { generations: [null, null] };

  /** What the last run that ended said; null when its page went away. */
  last: RunResult | null = null;
  /** Whether a run told that it could not make a conflict copy: the next may make one under another name. */
  hadCopyTrouble = false;
  /** Whether a run told that a file may be cut short for good. */
  wasInterrupted = false;
  /** Whether the project is in the state that was saved. */
  isLinked = false;

  /** Runs the engine in a tab's page, which is opened where there is none. Resolves when it ended or its page is gone. */
  async run(errand: Errand = 'sync', tab: 0 | 1 = 0): Promise<void> {
    if (this.traits.tabs !== 'turns') {
      await this.#runNow(errand, tab);
      return;
    }
    const before = this.#turn;
    let end = () => undefined as void;
    this.#turn = new Promise(resolve => (end = resolve));
    await before;
    try {
      await this.#runNow(errand, tab);
    } finally {
      end();
    }
  }

  async #runNow(errand: Errand, tab: 0 | 1): Promise<void> {
    const task = this.#taskOf(errand);
    const page = this.#openPage(tab);
    const isStale = this.traits.tabs === 'turns' && this.#lastTab !== tab;
    this.#lastTab = tab;
    this.last = null;
    const result = await Promise.race([page.run(task, isStale), page.gone]);
    if (result) {
      this.last = result;
      this.hadCopyTrouble ||= result.report.problems.some(({ path }) => path.includes('(conflict'));
      this.wasInterrupted ||= result.report.problems.some(({ code }) => code === 'interrupted');
    }
    if (page.isGone || page.isBroken) {
      this.wasInterrupted ||= page.owesWord;
      page.leave();
      if (this.#tabs[tab] === page) {
        this.#tabs[tab] = null;
      }
    }
  }

  /** What is remembered, as the first tab has it. */
  async memory(): Promise<Memory> {
    return (await this.#openPage(0).journal()).load();
  }

  /** The second tab is closed. */
  closeSecond(): void {
    const second = this.#tabs[1];
    if (second) {
      this.scene.world.close(second);
      this.#tabs[1] = null;
    }
  }

  #openPage(tab: 0 | 1): OpenPage {
    return (this.#tabs[tab] ??= new OpenPage(this, `${this.name}.${(this.#pages += 1)}`));
  }

  #taskOf(errand: Errand): Task {
    switch (errand) {
      case 'sync':
        return {};
      case 'pull':
        return { changes: 'local' };
      case 'push':
        return { changes: 'cloud' };
      case 'verify':
        return { verify: true };
      case 'approve':
      case 'restore':
        return { word: this.#wordOf(errand) };
      default:
        return { choice: errand };
    }
  }

  /** A person approves what the last run showed them. */
  #wordOf(kind: Word['kind']): Word {
    const plan = this.last?.report.state === 'stopped' ? this.last.sight?.plan : undefined;
    return kind === 'approve' && plan ? { kind, takings: takingsOf(plan) } : { kind: 'restore' };
  }

  readonly #tabs: [OpenPage | null, OpenPage | null] = [null, null];
  #pages = 0;
  #lastTab: 0 | 1 = 0;
  #turn: Promise<void> = Promise.resolve();
}
