/**
 * Runs some work while no other work of the same name runs, in any process that has the database.
 *
 * #### Notes
 * For what takes long and reaches beyond the database. Never inside a transaction, and never one inside another.
 */
export type Exclusively = <T>(name: string, work: () => Promise<T>) => Promise<T>;

/** For a database that one process has. */
export function exclusivelyInProcess(): Exclusively {
  const last = new Map<string, Promise<unknown>>();
  return async (name, work) => {
    const before = last.get(name);
    const mine = (async () => {
      // Whoever asked for that work has its error; here it is only waited for.
      await before?.catch(() => undefined);
      return work();
    })();
    last.set(name, mine);
    try {
      return await mine;
    } finally {
      if (last.get(name) === mine) {
        last.delete(name);
      }
    }
  };
}
