import type { Page } from '@playwright/test';

import { outsideBrackets, pseudoCatalog } from '../../support/pseudo-catalog';

/** A language whose dates and numbers hold no Latin words. */
const LANGUAGE = 'ja';

/** From the next load on, what this extension has translated is in brackets; JupyterLab itself stays English. */
export async function speakPseudo(page: Page): Promise<void> {
  const catalog = { data: pseudoCatalog(LANGUAGE), message: '' };
  await page.route('**/api/translations/**', route => route.fulfill({ json: catalog }));
}

/**
 * What a person reads, or is read, in these parts of the page, and was not translated.
 *
 * @param selector - of the parts; all of them that are there
 * @param data - what is nobody's to translate: names of files, projects and people
 */
export async function untranslated(
  page: Page,
  selector: string,
  data: readonly string[]
): Promise<string[]> {
  const texts = await page.evaluate(parts => {
    const found: string[] = [];
    const seen = (element: Element) => element.checkVisibility();
    for (const part of document.querySelectorAll(parts)) {
      const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        if (node.parentElement && seen(node.parentElement)) {
          found.push(node.textContent ?? '');
        }
      }
      for (const element of [part, ...part.querySelectorAll('*')]) {
        if (seen(element)) {
          const names = ['aria-label', 'aria-description', 'title', 'placeholder', 'alt'];
          found.push(...names.map(name => element.getAttribute(name) ?? ''));
        }
      }
    }
    return found;
  }, selector);
  const longestFirst = [...data].sort((a, b) => b.length - a.length);
  const isLeft = (text: string) => {
    const own = longestFirst.reduce(
      (rest, name) => rest.replaceAll(name, ''),
      outsideBrackets(text)
    );
    // Units of bytes are Intl's.
    return /[a-z]{2,}/i.test(own.replace(/\b[kMG]?B\b|\bbyte\b/g, ''));
  };
  return [...new Set(texts.filter(isLeft))];
}
