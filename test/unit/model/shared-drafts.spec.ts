import { Signal } from '@lumino/signaling';

import { SharedDrafts } from '../../../src/model/shared-drafts';
import type { TabMessage } from '../../../src/model/tab-message';
import { Tabs } from '../../../src/model/tabs';
import type { IDrafts } from '../../../src/tokens';

/** Documents with unsaved work, each of which takes one content only. */
class Documents implements IDrafts {
  readonly changed = new Signal<this, void>(this);
  readonly asked: string[] = [];
  #taken = new Map<string, string>();

  get paths(): string[] {
    return [...this.#taken.keys()];
  }

  edit(path: string, taken: string): void {
    this.#taken.set(path, taken);
    this.changed.emit();
  }

  save(path: string): void {
    this.#taken.delete(path);
    this.changed.emit();
  }

  has(path: string): boolean {
    return this.#taken.has(path);
  }

  admits(path: string, content: Uint8Array | null): boolean {
    this.asked.push(path);
    return content !== null && new TextDecoder().decode(content) === this.#taken.get(path);
  }
}

class Page {
  readonly tabs = new Tabs({ jupyterUrl: `http://${process.pid}/`, locks: null, storage: null });
  readonly documents = new Documents();
  readonly drafts = new SharedDrafts({ tabs: this.tabs });

  constructor() {
    this.drafts.heed(this.documents);
  }

  /** Resolves when the page has heard such a message. */
  hears(kind: TabMessage['kind']): Promise<void> {
    return new Promise(resolve => {
      const told = (_: Tabs, message: TabMessage) => {
        if (message.kind === kind) {
          this.tabs.heard.disconnect(told);
          resolve();
        }
      };
      this.tabs.heard.connect(told);
    });
  }

  close(): void {
    this.drafts.dispose();
    this.tabs.dispose();
  }
}

const bytes = (text: string) => new TextEncoder().encode(text);

describe('SharedDrafts', () => {
  let pages: Page[];
  const open = (): Page => {
    const page = new Page();
    pages.push(page);
    return page;
  };

  beforeEach(() => {
    pages = [];
  });

  afterEach(() => pages.forEach(page => page.close()));

  it('should know what is unsaved in another page, and ask it', async () => {
    const [here, there] = [open(), open()];
    const heard = here.hears('drafts');
    there.documents.edit('work/a.txt', 'goes together');
    await heard;
    expect(here.drafts.has('work/a.txt')).toBe(true);
    expect(here.drafts.has('work/b.txt')).toBe(false);
    expect(await here.drafts.admits('work/a.txt', bytes('goes together'))).toBe(true);
    expect(await here.drafts.admits('work/a.txt', bytes('does not'))).toBe(false);
    expect(await here.drafts.admits('work/a.txt', null)).toBe(false);
  });

  it('should ask all that have the document open, so that each can say so', async () => {
    const [here, there] = [open(), open()];
    const heard = here.hears('drafts');
    here.documents.edit('a.txt', 'mine');
    there.documents.edit('a.txt', 'theirs');
    await heard;
    expect(await here.drafts.admits('a.txt', bytes('mine'))).toBe(false);
    expect(await here.drafts.admits('a.txt', bytes('theirs'))).toBe(false);
    expect([here.documents.asked, there.documents.asked]).toEqual([
      ['a.txt', 'a.txt'],
      ['a.txt', 'a.txt']
    ]);
  });

  it('should know what was unsaved before the page was opened', async () => {
    const there = open();
    there.documents.edit('a.txt', '');
    const here = open();
    await here.hears('drafts');
    expect(here.drafts.has('a.txt')).toBe(true);
  });

  it('should know when it was saved', async () => {
    const [here, there] = [open(), open()];
    const edited = here.hears('drafts');
    there.documents.edit('a.txt', '');
    await edited;
    const saved = here.hears('drafts');
    there.documents.save('a.txt');
    await saved;
    expect(here.drafts.has('a.txt')).toBe(false);
  });

  it('should let the drafts of a page lapse that was closed', async () => {
    const [here, there] = [open(), open()];
    const edited = here.hears('drafts');
    there.documents.edit('a.txt', '');
    await edited;
    const closed = here.hears('drafts');
    there.close();
    await closed;
    expect(here.drafts.has('a.txt')).toBe(false);
  });

  it('should let the drafts of a page lapse that went without a word', async () => {
    const [here, there] = [open(), open()];
    const edited = here.hears('drafts');
    there.documents.edit('a.txt', '');
    await edited;
    there.tabs.dispose();
    expect(here.drafts.has('a.txt')).toBe(true);
    expect(await here.drafts.admits('a.txt', bytes('new'))).toBe(true);
    expect(here.drafts.has('a.txt')).toBe(false);
  });
});
