import { unexpectedAnswer } from './errors';
import type { Page } from './schemas';

/** No cloud lists this many pages to anyone in good faith. */
const MAX_PAGES = 10_000;

/** So many pages in a row that hold nothing lead nowhere. */
export const MAX_EMPTY_PAGES = 20;

/**
 * All pages of a list.
 *
 * #### Notes
 * Of `next_page_url` the query is followed, and the rest stays as it was asked: the key is sent nowhere else, and a cloud
 * behind a proxy that it does not know of is understood. Rejects when the pages lead in a circle, or nowhere. No more are asked
 * for than can add up; whether they do is for `missingFrom` to tell.
 *
 * @param ask Gets one page.
 * @returns The pages, one at least.
 */
export async function allPages<P extends Page<unknown>>(
  call: string,
  firstUrl: string,
  ask: (url: string) => Promise<P>
): Promise<P[]> {
  const pages: P[] = [];
  const seen = new Set<string>();
  let items = 0;
  let announced = 0;
  let empty = 0;
  for (let url: string | null = firstUrl; url !== null;) {
    if (seen.has(url) || seen.size >= MAX_PAGES) {
      throw unexpectedAnswer(call, 'next_page_url: the pages lead in a circle');
    }
    seen.add(url);
    const page = await ask(url);
    pages.push(page);
    items += page.items.length;
    announced = Math.max(announced, page.total_count);
    empty = page.items.length === 0 ? empty + 1 : 0;
    if (empty === MAX_EMPTY_PAGES) {
      throw unexpectedAnswer(call, 'next_page_url: the pages that it leads to hold nothing');
    }
    url = items > announced ? null : nextUrl(call, page, url);
  }
  return pages;
}

/** Why the pages are not the whole list, or null when they are: a list cut short must not pass for a whole one. */
export function missingFrom(pages: readonly Page<unknown>[]): string | null {
  const count = pages.reduce((sum, page) => sum + page.items.length, 0);
  const odd = pages.find(page => page.total_count !== count);
  return odd
    ? `total_count: the pages hold ${count} items, not the ${odd.total_count} that are announced`
    : null;
}

function nextUrl(call: string, page: Page<unknown>, from: string): string | null {
  if (!page.next_page_url) {
    return null;
  }
  if (!URL.canParse(page.next_page_url, from)) {
    throw unexpectedAnswer(call, 'next_page_url: expected a URL');
  }
  const next = new URL(from);
  next.search = new URL(page.next_page_url, from).search;
  return next.href;
}
