import process from 'node:process';

/** Says what is being done; how long it took when it is done. */
export class Reporter {
  /** @param {string} text A line for the person. */
  say(text) {
    process.stdout.write(`${text}\n`);
  }

  /** @param {string} text A line for the person, where errors go. */
  warn(text) {
    process.stderr.write(`${text}\n`);
  }

  /**
   * @template T
   * @param {string} title
   * @param {() => Promise<T>} work
   * @returns {Promise<T>}
   */
  async step(title, work) {
    this.say(`${title} …`);
    const start = Date.now();
    const result = await work();
    this.say(`  done in ${seconds(Date.now() - start)}`);
    return result;
  }
}

/** @param {number} ms @returns {string} */
export function seconds(ms) {
  return `${(ms / 1000).toFixed(1)} s`;
}
