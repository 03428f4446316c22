import { askedOfTranslator, outsideBrackets } from '../support/pseudo-catalog';

const { messages, unwritten } = askedOfTranslator();

it('should have every sentence written out where the translator is asked for it', () => {
  // `sync/words.ts` hands on what it is given.
  expect(unwritten.filter(place => !place.startsWith('sync/words.ts'))).toEqual([]);
  expect(messages.size).toBeGreaterThan(300);
  expect(messages.get('the same on both sides')).toEqual(['the same on both sides']);
});

it('should name every argument of a plural in both forms', () => {
  const plurals = [...messages.values()].filter(forms => forms.length === 2);
  expect(plurals.length).toBeGreaterThan(5);
  const places = (text: string) => new Set(text.match(/%\d/g) ?? []);
  const odd = plurals.filter(([one = '', many = '']) =>
    [...places(one)].some(place => !places(many).has(place))
  );
  expect(odd).toEqual([]);
});

it('should find what was not translated around and in what was', () => {
  expect(outsideBrackets('⟦a ⟦b⟧ c⟧ left ⟦d⟧ over')).toBe(' left  over');
});
