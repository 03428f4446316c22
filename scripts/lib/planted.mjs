import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Defects that the simulation must notice, each made by replacing one snippet of the source. A snippet that is no longer
 * there is an error: the defect must follow the code.
 */
export const PLANTED = [
  {
    name: 'a local write does not look at its target',
    file: 'src/local/contents-apply.ts',
    find: '  if (!meets(before, expect)) {\n    return CHANGED;\n  }\n',
    put: ''
  },
  {
    name: 'a local deletion does not look at its target',
    file: 'src/local/contents-apply.ts',
    find: '  if (!meets(there, expect)) {\n    return CHANGED;\n  }\n  if (there ===',
    put: '  if (there ==='
  },
  {
    name: 'a folder is deleted with what is in it',
    file: 'src/local/contents-apply.ts',
    find: '    if (childrenOf(listing).length > 0) {',
    put: '    if (childrenOf(listing).length < 0) {'
  },
  {
    name: 'a conflict in the cloud is taken for success',
    file: 'src/cloud/apply-batch.ts',
    find: "return file?.kind === 'file' && file.sha256 === operation.sha256 && !operation.keep\n",
    put: "return file?.kind === 'file'\n"
  },
  {
    name: 'the base is written before both sides are confirmed',
    file: 'src/sync/ledger.ts',
    find: '      if (!this.#open.has(path)) {\n        this.#confirm(path);\n      }',
    put: '      this.#confirm(path);'
  },
  {
    name: 'what could not be learned is taken for absent',
    file: 'src/sync/look.ts',
    find: '  return unknown.size === 0\n    ? () => false',
    put: '  return unknown.size >= 0\n    ? () => false'
  },
  {
    name: 'a list that lacks items is taken for whole',
    file: 'src/cloud/paging.ts',
    find: '  return odd\n    ?',
    put: '  return odd && count < 0\n    ?'
  },
  {
    name: 'a local write is not announced before it is made',
    file: 'src/sync/execute.ts',
    find: '      await this.#it.journal.intend(intents);\n',
    put: ''
  },
  {
    name: 'a new announcement is settled with the older one',
    file: 'src/sync/ledger.ts',
    find: '    paths.forEach(path => this.#settled.delete(path));\n',
    put: '    void paths;\n'
  },
  {
    name: 'a write that could not be put right is forgotten',
    file: 'src/sync/recover.ts',
    find: '    if (isOpen) {\n      open.add(intent.path).add(spelledHere(intent.path, recovery));\n    } else {\n      recovery.ledger.settle(intent.path);\n    }',
    put: '    void isOpen;\n    recovery.ledger.settle(intent.path);'
  },
  {
    name: 'any shorter content is taken for a write that was cut short',
    file: 'src/sync/recover.ts',
    find: 'return (await isStartOf(result.content, whole))',
    put: 'return (await isStartOf(result.content, whole)) || found.size > 0'
  },
  {
    name: 'a copy that was put right is taken for agreed',
    file: 'src/sync/recover.ts',
    find: "  if (source.side === 'cloud' && source.path === path) {",
    put: '  if (source.path !== null) {'
  },
  {
    name: 'a conflict copy is named by the time',
    file: 'src/sync/conflict-name.ts',
    find: 'sha256.slice(0, 8)',
    put: 'Date.now().toString(16).slice(-8)'
  },
  {
    name: 'a conflict copy may take a name that is taken',
    file: 'src/sync/reconcile.ts',
    find: '        isOther(local.get(candidate)) ||\n        isOther(cloud.get(candidate)) ||\n',
    put: ''
  },
  {
    name: 'the original is replaced before its copy is kept',
    file: 'src/sync/execute.ts',
    find: '(step.requires === undefined || ledger.isConfirmed(step.requires)) &&',
    put: '(step.requires === undefined || step.requires.length > 0) &&'
  },
  {
    name: "the cloud's content replaces the local one in a conflict",
    file: 'src/sync/decide.ts',
    find: "  return { kind: 'conflict' };",
    put: "  return { kind: 'take', from: 'cloud', rule: 'changed' };"
  },
  {
    name: 'a deletion wins over an edit',
    file: 'src/sync/decide.ts',
    find: "  if (!cloud) {\n    return { kind: 'take', from: 'local', rule: 'edit-wins' };",
    put: "  if (!cloud) {\n    return { kind: 'take', from: 'cloud', rule: 'deleted' };"
  },
  {
    name: 'no guard stops a run',
    file: 'src/sync/guard.ts',
    find: 'deleted > FEW_DELETIONS && deleted > known / 2;',
    put: 'deleted > FEW_DELETIONS && deleted > known * 2;'
  },
  {
    name: 'a file of the same size is taken for unchanged',
    file: 'src/local/contents-scan.ts',
    find: '      lastModifiedOf(known) === model.last_modified &&\n',
    put: ''
  },
  {
    name: 'a time stamp vouches however young it is',
    file: 'src/local/contents-scan.ts',
    find: '  return Math.abs(Date.parse(lastModifiedOf(entry)) - entry.seenAt) < RACY_MS;',
    put: '  return Math.abs(Date.parse(lastModifiedOf(entry)) - entry.seenAt) < 0 * RACY_MS;'
  },
  {
    name: 'the feed of changes tells no deletions',
    file: 'src/cloud/feed.ts',
    find: '      entries.delete(path);\n      continue;',
    put: '      continue;'
  },
  {
    name: 'a download is not checked against its hash',
    file: 'src/cloud/read-files.ts',
    find: 'if ((await hashOf(content)) === entry.sha256) {',
    put: 'if ((await hashOf(content)) !== null) {'
  },
  {
    name: 'names that are one to the disk are written over each other',
    file: 'src/sync/clashes.ts',
    find: '} else if (met === undefined) {',
    put: '} else if (met === undefined || met.length > 0) {'
  },
  {
    name: 'the state is saved over the generation that is good',
    file: 'src/state/generations.ts',
    find: '=== STATE_FILES[0] ? STATE_FILES[1] : STATE_FILES[0]',
    put: '!== STATE_FILES[0] ? STATE_FILES[1] : STATE_FILES[0]',
    state: 'real'
  },
  {
    name: 'a merge replaces a local content that is nowhere else',
    file: 'src/sync/execute.ts',
    find: 'const keep = isKept ? { keep: source.local } : {};',
    put: 'const keep = {};'
  },
  {
    name: "a merge leaves the cloud's changes out",
    file: 'src/sync/merge-conflicts.ts',
    find: 'mergeContents(path, { base: await sliceOf(agreed), local, cloud })',
    put: 'mergeContents(path, { base: cloud, local, cloud })'
  },
  {
    name: 'a conflict that the person is to settle is settled',
    file: 'src/sync/reconcile.ts',
    find: "if (this.#policy.conflicts(path) === 'ask') {",
    put: "if (this.#policy.conflicts(path) === 'never') {"
  },
  {
    name: 'a one-way sync writes on the other side',
    file: 'src/sync/one-way.ts',
    find: '    if (step.side !== side) {',
    put: "    if (step.side !== side && step.kind !== 'put') {"
  },
  {
    name: 'a folder that is gone is taken for one that was emptied',
    file: 'src/sync/guard.ts',
    find: "(roots.local === 'missing' && !isFirstSync)",
    put: "(roots.local === 'missing' && isFirstSync)"
  },
  {
    name: 'a choice is carried out though the two sides differ',
    file: 'src/sync/resolve.ts',
    find: '  if (!isSettled(path) || !isSettled(copy)) {\n    return null;\n  }\n',
    put: ''
  }
];

/** An esbuild plugin that plants the defect. Throws where the snippet is not there just once. */
export async function plant({ name, file, find, put }) {
  const source = await readFile(file, 'utf8');
  if (source.split(find).length !== 2) {
    throw new Error(`"${name}" can't be planted: ${file} does not have its snippet just once.`);
  }
  const path = join(process.cwd(), file);
  return {
    name: 'planted',
    setup(build) {
      build.onLoad({ filter: /\.ts$/ }, args =>
        args.path === path ? { contents: source.replace(find, () => put), loader: 'ts' } : undefined
      );
    }
  };
}
