import { createHash, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Actor } from './accounts/actor';
import { writePrivately } from './data-folder';
import { systemCode } from './errors';
import type { Access } from './projects/access';
import { accessTo } from './projects/access';
import type { ProjectsServer } from './server';

/** The API keys of the demo's users. */
export interface DemoKeys {
  readonly alice: string;
  readonly bob: string;
}

/**
 * Makes two users and a sample project of theirs, the first time; later it changes nothing.
 *
 * @param folder - the server's data folder: `demo-keys.json` in it, readable by its owner alone, holds the keys.
 */
export async function prepareDemo(server: ProjectsServer, folder: string): Promise<DemoKeys> {
  return server.services.exclusively('demo', () => prepare(server, folder));
}

async function prepare(server: ProjectsServer, folder: string): Promise<DemoKeys> {
  const file = join(folder, 'demo-keys.json');
  const kept = await readKeys(file);
  if (kept) {
    return kept;
  }
  const alice = await userOf(server, 'alice');
  const bob = await userOf(server, 'bob');
  await addSample(server, alice, bob);
  const keys = {
    alice: (await server.accounts.addKey(alice.id)).key,
    bob: (await server.accounts.addKey(bob.id)).key
  };
  await writePrivately(file, `${JSON.stringify(keys, null, 2)}\n`);
  return keys;
}

async function readKeys(file: string): Promise<DemoKeys | null> {
  try {
    const { alice, bob } = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
    return typeof alice === 'string' && typeof bob === 'string' ? { alice, bob } : null;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') {
      return null;
    }
    throw error;
  }
}

/** A killed first start may have left the user. */
async function userOf({ accounts }: ProjectsServer, name: string): Promise<Actor> {
  const there = (await accounts.users()).find(user => user.name === name);
  const { id } = there ?? (await accounts.addUser(name));
  return { id, name, organizations: [] };
}

const SAMPLE_NAME = 'sample-project';

async function addSample({ services }: ProjectsServer, owner: Actor, writer: Actor): Promise<void> {
  const { db, projects, permissions, commits } = services;
  const listed = await projects.list(owner, { tags: [], name: SAMPLE_NAME, limit: 1 });
  const project =
    listed.items[0] ??
    (await projects.create(owner, {
      name: SAMPLE_NAME,
      title: 'Sample project',
      description: 'A small project to try things with.',
      metadata: { tags: ['notebook', 'data'] }
    }));
  await permissions.change(project.id, {
    permissions: [{ type: 'user_id', relation: 'writer', id: writer.id, action: 'add' }]
  });
  const access = await accessTo(db, owner, project.id, 'modify');
  const operations = [];
  for (const [path, text] of Object.entries(sampleFiles())) {
    operations.push({
      op: 'put' as const,
      path,
      file_version_id: await upload({ services }, access, path, text),
      if_version: null
    });
  }
  await commits.commit(access, { idempotency_key: randomUUID(), operations });
}

async function upload(
  { services: { announcements, uploads } }: Pick<ProjectsServer, 'services'>,
  access: Access,
  path: string,
  text: string
): Promise<string> {
  const bytes = Buffer.from(text);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  let part: { version: string; part: number } | null = null;
  const [item] = await announcements.announceAll(
    access,
    [{ path, size: bytes.byteLength, sha256 }],
    grant => {
      part = grant;
      return 'in-process:';
    }
  );
  if (!item) {
    throw new Error('Nothing was announced.');
  }
  if (part) {
    await uploads.receive(
      part,
      (async function* () {
        yield await Promise.resolve(bytes);
      })(),
      bytes.byteLength
    );
  }
  return item.file_version_id;
}

function sampleFiles(): Record<string, string> {
  return {
    'README.md':
      '# Sample project\n\nTwo people share this project: change a file on one side, sync, and see it on the other.\n\n' +
      '- `analysis.ipynb` reads `data/temperatures.csv`.\n',
    'analysis.ipynb': notebook(),
    'data/temperatures.csv':
      'day,celsius\n2024-05-01,14.2\n2024-05-02,15.8\n2024-05-03,13.1\n2024-05-04,17.4\n2024-05-05,18.0\n'
  };
}

function notebook(): string {
  const code = (id: string, source: string) => ({
    cell_type: 'code',
    execution_count: null,
    id,
    metadata: {},
    outputs: [],
    source: source.split(/(?<=\n)/)
  });
  const content = {
    cells: [
      { cell_type: 'markdown', id: 'title', metadata: {}, source: ['# Temperatures of May'] },
      code(
        'read',
        'import csv\n\nwith open("data/temperatures.csv", newline="") as file:\n    rows = list(csv.DictReader(file))\nlen(rows)'
      ),
      code('mean', 'sum(float(row["celsius"]) for row in rows) / len(rows)')
    ],
    metadata: {
      kernelspec: { display_name: 'Python 3 (ipykernel)', language: 'python', name: 'python3' },
      language_info: { name: 'python' }
    },
    nbformat: 4,
    nbformat_minor: 5
  };
  return `${JSON.stringify(content, null, 1)}\n`;
}
