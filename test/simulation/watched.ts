import type { Operation, Outcome, Replica, TransferOptions } from '../../src/sync/replica';
import type { ContentsReplica } from '../../src/local/contents-replica';
import { ROOT } from './places';

/** A local replica that notes which operations are under way, by path: since when. */
export class Watched implements Replica {
  constructor(replica: ContentsReplica, applying: Map<string, number>, now: () => number) {
    this.#replica = replica;
    this.#applying = applying;
    this.#now = now;
  }

  readonly side = 'local';
  readonly atomic = false;

  scan(...given: Parameters<Replica['scan']>) {
    return this.#replica.scan(...given);
  }

  read(...given: Parameters<Replica['read']>) {
    return this.#replica.read(...given);
  }

  refuses(...given: Parameters<Replica['refuses']>) {
    return this.#replica.refuses(...given);
  }

  naming(...given: Parameters<NonNullable<Replica['naming']>>) {
    return this.#replica.naming(...given);
  }

  async apply(operations: readonly Operation[], options: TransferOptions): Promise<Outcome[]> {
    const paths = operations.map(each => (each.op === 'move' ? each.from : each.path));
    paths.forEach(path => this.#applying.set(`${ROOT}/${path}`, this.#now()));
    try {
      return await this.#replica.apply(operations, options);
    } finally {
      paths.forEach(path => this.#applying.delete(`${ROOT}/${path}`));
    }
  }

  readonly #replica: ContentsReplica;
  readonly #applying: Map<string, number>;
  readonly #now: () => number;
}
