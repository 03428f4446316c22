import type { Page } from '@playwright/test';

export interface Told {
  /** What the code printed. */
  readonly text: string;
  /** When the kernel was idle again, in ms since the epoch. */
  readonly idleAt: number;
}

/** A kernel as a notebook has one, in which a person runs cells. */
export class Cells {
  private constructor(
    private readonly page: Page,
    readonly kernelId: string
  ) {}

  static async open(page: Page): Promise<Cells> {
    const id = await page.evaluate(async () => {
      const { kernels } = window.jupyterapp.serviceManager;
      const kernel = await kernels.startNew({ name: 'python3' });
      await kernel.requestExecute({ code: 'import time' }).done;
      return kernel.id;
    });
    return new Cells(page, id);
  }

  run(code: string): Promise<Told> {
    return this.page.evaluate(
      async ([id, cell]) => {
        const { kernels } = window.jupyterapp.serviceManager;
        const kernel = kernels.connectTo({ model: { id, name: 'python3' } });
        let text = '';
        const future = kernel.requestExecute({ code: cell });
        future.onIOPub = message => {
          const { content } = message;
          if ('text' in content || 'evalue' in content) {
            text += String('text' in content ? content.text : content.evalue);
          }
        };
        await future.done;
        const idleAt = Date.now();
        kernel.dispose();
        return { text, idleAt };
      },
      [this.kernelId, code] as const
    );
  }

  /** Writes text to a file, by its path on disk; gives when, in ms since the epoch. */
  async write(path: string, text: string): Promise<{ wroteAt: number; idleAt: number }> {
    const code = [
      'import time',
      'now = time.time()',
      `with open(${JSON.stringify(path)}, "w") as file:`,
      `    file.write(${JSON.stringify(text)})`,
      'print(now * 1000)'
    ].join('\n');
    const told = await this.run(code);
    const wroteAt = Number(told.text);
    if (!(wroteAt > 0)) {
      throw new Error(`The cell failed: ${told.text}`);
    }
    return { wroteAt, idleAt: told.idleAt };
  }

  async close(): Promise<void> {
    await this.page.evaluate(
      id => window.jupyterapp.serviceManager.kernels.shutdown(id),
      this.kernelId
    );
  }
}
