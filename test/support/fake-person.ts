import type { ProjectSummary } from '../../src/tokens';
import type { IPerson, Option } from '../../src/ui/person';
import type { Message } from '../../src/ui/report-words';

/** A person who gives the answers that were laid out for them, and fails the test when asked for another. */
export class FakePerson implements IPerson {
  /** The answers by question, as `askFolder`; an option is chosen by its place. */
  answers: Partial<Record<keyof IPerson, unknown[]>> = {};
  /** The questions asked, in turn. */
  readonly asked: string[] = [];
  /** What was offered to choose from, in turn. */
  readonly offered: (readonly string[])[] = [];
  readonly told: Message[] = [];
  readonly errors: { title: string; error: unknown }[] = [];

  async askApiKey(): Promise<string | null> {
    return this.#text('askApiKey');
  }

  async askFolder(): Promise<string | null> {
    return this.#text('askFolder');
  }

  async askProject(_title: string, projects: readonly ProjectSummary[]): Promise<string | null> {
    this.offered.push(projects.map(({ id }) => id));
    return this.#text('askProject');
  }

  async askText(): Promise<string | null> {
    return this.#text('askText');
  }

  async askOption<T>(
    _title: string,
    _label: string,
    options: readonly Option<T>[]
  ): Promise<T | null> {
    this.offered.push(options.map(({ label }) => label));
    const place = this.#answer('askOption');
    return typeof place === 'number' ? (options[place]?.value ?? null) : null;
  }

  async confirm(): Promise<boolean> {
    return this.#answer('confirm') === true;
  }

  async showSharing(projectId: string): Promise<void> {
    this.offered.push([projectId]);
    this.#answer('showSharing');
  }

  tell(message: Message): void {
    this.told.push(message);
  }

  tellError(title: string, error: unknown): void {
    this.errors.push({ title, error });
  }

  #text(question: keyof IPerson): string | null {
    const answer = this.#answer(question);
    return typeof answer === 'string' ? answer : null;
  }

  #answer(question: keyof IPerson): unknown {
    this.asked.push(question);
    const answers = this.answers[question];
    if (!answers || answers.length === 0) {
      throw new Error(`The person was asked ${question} and has no answer.`);
    }
    return answers.shift();
  }
}
