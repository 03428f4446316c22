import type { IDisposable } from '@lumino/disposable';

import { randomId } from '../cloud/random-id';
import { ProjectsError } from '../tokens';
import type { Answer } from './errand';
import { asProjectsError } from './errors';
import type { Failure, Request, TabMessage } from './tab-message';
import type { Tabs } from './tabs';

/** How long a page waits for its turn before it asks the one that has it, in ms. */
const PATIENCE = 50;
/** How long an answer may be on its way when the turn of the page that gave it has ended, in ms. */
const GRACE = 500;

/**
 * Passes errands to the page that has the turn, and takes those that others pass while this one has it.
 *
 * #### Notes
 * Who asks also waits for a turn of its own, so nothing is lost when the other page goes away.
 */
export class Passing implements IDisposable {
  constructor(options: Passing.IOptions) {
    this.#options = options;
    options.tabs.heard.connect(this.#onHeard, this);
  }

  /** Asks the page that has the turn, unless `forget` is called within a moment. */
  ask(request: Request, onAnswer: (answer: Answer | ProjectsError) => void): Passing.Asked {
    const id = randomId();
    let answered = (): void => undefined;
    const answer = new Promise<void>(resolve => (answered = resolve));
    const asked: Question = {
      isAccepted: false,
      answer: given => {
        this.#questions.delete(id);
        onAnswer(given);
        answered();
      }
    };
    const timer = setTimeout(() => {
      this.#questions.set(id, asked);
      this.#options.tabs.tell({ kind: 'asked', id, request });
    }, PATIENCE);
    return {
      settled: async () => {
        clearTimeout(timer);
        if (this.#questions.has(id)) {
          await within(answer, asked.isAccepted ? GRACE : PATIENCE);
        }
      },
      forget: () => {
        clearTimeout(timer);
        this.#questions.delete(id);
      }
    };
  }

  /** Does the work, and then all that other pages ask for meanwhile. */
  async inTurn(work: () => Promise<void>): Promise<void> {
    this.#isTurn = true;
    try {
      await work();
      for (let next = this.#inbox.shift(); next; next = this.#inbox.shift()) {
        await this.#carryOut(next);
      }
    } finally {
      this.#isTurn = false;
      this.#inbox.length = 0;
    }
  }

  /** Carries out nothing of the project that is not begun: the page that asked was told to cancel it, too. */
  drop(projectId: string): void {
    const kept = this.#inbox.filter(({ request }) => request.projectId !== projectId);
    this.#inbox.splice(0, this.#inbox.length, ...kept);
  }

  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#inbox.length = 0;
    this.#questions.clear();
  }

  async #carryOut({ id, request }: Passed): Promise<void> {
    const { tabs, carryOut } = this.#options;
    let answer: Answer | Failure;
    try {
      answer = await carryOut(request);
    } catch (error) {
      const { code, message } = asProjectsError(error);
      answer = { code, message };
    }
    tabs.tell({ kind: 'answered', id, answer });
  }

  #onHeard(tabs: Tabs, message: TabMessage): void {
    if (message.kind === 'asked') {
      if (this.#isTurn && !this.#isDisposed && this.#options.accepts(message.request)) {
        this.#inbox.push(message);
        tabs.tell({ kind: 'accepted', id: message.id });
      }
    } else if (message.kind === 'accepted') {
      const question = this.#questions.get(message.id);
      if (question) {
        question.isAccepted = true;
      }
    } else if (message.kind === 'answered') {
      const { answer } = message;
      const given = 'code' in answer ? new ProjectsError(answer.code, answer.message) : answer;
      this.#questions.get(message.id)?.answer(given);
    }
  }

  readonly #options: Passing.IOptions;
  /** What was asked and not answered yet, by its id. */
  readonly #questions = new Map<string, Question>();
  /** What others asked, and is not begun. */
  readonly #inbox: Passed[] = [];
  #isTurn = false;
  #isDisposed = false;
}

export namespace Passing {
  export interface IOptions {
    readonly tabs: Tabs;
    /** Whether this page would come to the same as the one that asks. */
    readonly accepts: (request: Request) => boolean;
    readonly carryOut: (request: Request) => Promise<Answer>;
  }

  export interface Asked {
    /** Resolves when no answer is to be expected any more; called when the page has the turn itself. */
    settled(): Promise<void>;
    /** No answer is wanted any more. */
    forget(): void;
  }
}

interface Question {
  isAccepted: boolean;
  readonly answer: (given: Answer | ProjectsError) => void;
}

interface Passed {
  readonly id: string;
  readonly request: Request;
}

async function within(promise: Promise<void>, ms: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>(resolve => (timer = setTimeout(resolve, ms)));
  await Promise.race([promise, late]);
  clearTimeout(timer);
}
