/** The browser of the tests: the environment's CHROMIUM_PATH, or one that is installed; null when there is none. */
export function findChromium(): string | null;
