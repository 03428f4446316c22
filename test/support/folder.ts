import { chmod, mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** A folder on disk as a person or a program beside Jupyter handles it. Paths are relative to it. */
export class Folder {
  constructor(readonly path: string) {}

  async write(path: string, content: string | Uint8Array): Promise<void> {
    const full = join(this.path, path);
    await mkdir(dirname(full), { recursive: true });
    await writeFile(full, content);
  }

  /** Resolves once what is written from then on has another time stamp: some disks have one each ten ms. */
  async tick(): Promise<void> {
    for (const start = Date.now(); Date.now() - start < 15;) {
      await new Promise(setImmediate);
    }
  }

  async mkdir(path: string): Promise<void> {
    await mkdir(join(this.path, path), { recursive: true });
  }

  /** Takes the right to write from everyone. */
  async protect(path: string): Promise<void> {
    const full = join(this.path, path);
    await chmod(full, (await stat(full)).isDirectory() ? 0o555 : 0o444);
  }

  async remove(path: string): Promise<void> {
    await rm(join(this.path, path), { recursive: true });
  }

  /** Every file's bytes, hidden ones too; links are not followed. */
  async files(): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
    const files = new Map<string, Uint8Array<ArrayBuffer>>();
    for (const path of await this.paths()) {
      files.set(path, new Uint8Array(await readFile(join(this.path, path))));
    }
    return files;
  }

  /** Every file's content as text. */
  async texts(): Promise<Record<string, string>> {
    const files = await this.files();
    return Object.fromEntries(
      [...files].sort().map(([path, bytes]) => [path, new TextDecoder().decode(bytes)])
    );
  }

  /** Gives every file a time stamp of a minute ago, or the one that is given. */
  async age(date = new Date(Date.now() - 60_000)): Promise<void> {
    for (const path of await this.paths()) {
      await utimes(join(this.path, path), date, date);
    }
  }

  async removeAll(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }

  /** Of every file, hidden ones too. */
  async paths(): Promise<string[]> {
    const paths: string[] = [];
    const walk = async (directory: string): Promise<void> => {
      const found = await readdir(join(this.path, directory), { withFileTypes: true });
      for (const each of found) {
        const path = directory === '' ? each.name : `${directory}/${each.name}`;
        if (each.isDirectory()) {
          await walk(path);
        } else if (each.isFile()) {
          paths.push(path);
        }
      }
    };
    await walk('');
    return paths;
  }
}
