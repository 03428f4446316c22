/** Characters of a slug. */
const LONGEST = 60;

/** A short name for a cloud, from a title; `<random>`, which lets the cloud pick one, where nothing of it can be used. */
export function slugOf(title: string): string {
  const slug = title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, LONGEST)
    .replace(/^-+|-+$/g, '');
  return slug === '' ? '<random>' : slug;
}
