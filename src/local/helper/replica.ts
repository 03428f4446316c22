import type { Contents, ServerConnection } from '@jupyterlab/services';

import type { EntryKind } from '../../sync/entry';
import { invalidPath } from '../../sync/path';
import type { Problem } from '../../sync/problem';
import type {
  Known,
  Located,
  Naming,
  NamingExample,
  NamingQuestion,
  Operation,
  Outcome,
  ReadResult,
  Replica,
  Scan,
  ScanOptions,
  TransferOptions
} from '../../sync/replica';
import { HelperApply } from './apply';
import { regionOf, wholeOf } from './glance';
import type { Region } from './glance';
import type { HelperKernel } from './kernel';
import { HelperRead } from './read';
import { HelperScan } from './scan';
import { trans } from '../../sync/words';

/** What the program calls its own temporary files. */
const OWN = '.~jupyterlab-projects-';

/**
 * A project's folder in Jupyter, through the helper kernel.
 *
 * #### Notes
 * Its entries and those of a `ContentsReplica` vouch for each other's. It sees hidden names too, and tells links apart: they
 * are listed as problems and not followed. The root must be among the helper's, see `HelperKernel.setRoots`. Any method throws a
 * `HelperError` when the helper went: then the contents API is the way.
 */
export class HelperReplica implements Replica {
  constructor(options: HelperReplica.IOptions) {
    this.#options = options;
  }

  readonly side = 'local';
  readonly atomic = true;

  async scan(known: Known, options: ScanOptions): Promise<Scan> {
    const { helper, root } = this.#options;
    const scan = (await this.#glance(known, options)) ?? (await this.#look(known, options));
    const { unknown, problems, ignored = [] } = scan;
    helper.told.set(root, { unknown, problems, ignored, ignores: options.ignores });
    return scan;
  }

  /** null where the whole tree must be looked at. */
  async #glance(known: Known, options: ScanOptions): Promise<Scan | null> {
    const { helper, root } = this.#options;
    const told = helper.told.get(root);
    // What other rules left out is not known.
    if (!options.only || options.verify || told?.ignores !== options.ignores) {
      return null;
    }
    const region = regionOf(options.only, known.entries, told);
    return region && wholeOf(region, await this.#look(known, options, region), known.entries, told);
  }

  #look(known: Known, options: ScanOptions, region?: Region): Promise<Scan> {
    const { helper, root, onHashed, sightings } = this.#options;
    const skips = helper.skipped.get(root) ?? new Set();
    helper.skipped.set(root, skips);
    return new HelperScan({
      ...options,
      helper,
      root,
      known,
      region,
      skips,
      sightings: sightings ?? new Map<string, string>(),
      onHashed
    }).run();
  }

  read(wanted: readonly Located[], options: TransferOptions): Promise<ReadResult[]> {
    return new HelperRead({ ...options, ...this.#options }).run(wanted);
  }

  apply(operations: readonly Operation[], options: TransferOptions): Promise<Outcome[]> {
    const { helper, root, trash = true } = this.#options;
    const refuses = (operation: Operation) => this.#refusesOperation(operation);
    return new HelperApply({ ...options, helper, root, trash, refuses }).run(operations);
  }

  refuses(path: string, _kind: EntryKind): Problem | null {
    const reason =
      invalidPath(path) ??
      (path.split('/').some(name => name.startsWith(OWN))
        ? trans.__('such names are for files under way')
        : null);
    return reason === null
      ? null
      : {
          path,
          code: 'invalid-name',
          message: trans.__('%1 can not be held in Jupyter: %2.', JSON.stringify(path), reason)
        };
  }

  async naming(
    question: NamingQuestion,
    { signal }: { readonly signal: AbortSignal }
  ): Promise<Naming> {
    const { helper, root } = this.#options;
    const traits = ['case', 'unicode', 'windows'] as const;
    const examples = traits.map(trait => question[trait] ?? null);
    const asked = examples.filter((each): each is NamingExample => each !== null);
    if (asked.length === 0) {
      return { case: null, unicode: null, windows: null };
    }
    const pairs = asked.map(({ listed, other }) => [listed, other]);
    const { result } = await helper.request<{ same: readonly (boolean | null)[] }>(
      'same',
      { root, pairs },
      { signal }
    );
    const [first, second, third] = examples.map(each =>
      each === null ? null : (result.same[asked.indexOf(each)] ?? null)
    );
    return { case: first ?? null, unicode: second ?? null, windows: third ?? null };
  }

  #refusesOperation(operation: Operation): Problem | null {
    const own = this.refuses(operation.path, operation.op === 'put' ? 'file' : 'directory');
    const from = operation.op === 'move' ? this.refuses(operation.from, 'file') : null;
    return own ?? (from && { ...from, path: operation.path });
  }

  readonly #options: HelperReplica.IOptions;
}

export namespace HelperReplica {
  export interface IOptions {
    readonly helper: HelperKernel;
    /** The project's folder, relative to the Jupyter root, `/` between segments. */
    readonly root: string;
    readonly contents: Contents.IManager;
    readonly serverSettings: ServerConnection.ISettings;
    /** As the helper's. */
    readonly stateFolder: string;
    /** Links that this page has seen in the project, for the next look, by whichever replica. Default: kept by what is remembered. */
    readonly sightings?: Map<string, string>;
    /** Whether deleted files go to the person's trash where there is one. Default true. */
    readonly trash?: boolean;
    /** Called once for each request to the server that is not the helper's. */
    readonly onRequest?: () => void;
    /** Called with how many files' contents a scan had read. */
    readonly onHashed?: (files: number) => void;
  }
}
