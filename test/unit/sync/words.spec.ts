import { reasonOf } from '../../../src/sync/reasons';
import { speak, trans } from '../../../src/sync/words';

afterEach(() => speak(null));

it('should speak English with its arguments, as often as they are named, and leave what they hold alone', () => {
  expect(trans.__('%2 is %1, and %2', 'a%2', 7)).toBe('7 is a%2, and 7');
  expect(trans.__('%1 of %2', 'one')).toBe('one of %2');
});

it('should speak the words that it was given', () => {
  speak({ __: (template, ...args) => `<${template}|${args.join()}>` });
  expect(trans.__('“%1” is new', 'a.txt')).toBe('<“%1” is new|a.txt>');
  expect(reasonOf('changed', 'cloud')).toBe('<changed in the cloud|>');
});
