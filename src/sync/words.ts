/** How what is said to a person gets its words; a `TranslationBundle` of JupyterLab is one. */
export interface Words {
  /** @param template - in English, with `%1`, `%2` for the arguments; the key under which a translation is found */
  __(template: string, ...args: unknown[]): string;
}

const ENGLISH: Words = {
  __: (template, ...args) =>
    template.replace(/%(\d+)/g, (place, number: string) =>
      String(args[Number(number) - 1] ?? place)
    )
};

let spoken = ENGLISH;

/** The words of all that the engine and its two sides say to a person: English, until `speak` is called. */
export const trans: Words = {
  __: (template, ...args) => spoken.__(template, ...args)
};

/** From now on what is said is said in these words; null: in English. A page has one language, from its start on. */
export function speak(words: Words | null): void {
  spoken = words ?? ENGLISH;
}
