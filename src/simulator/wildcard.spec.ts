import { matchesWildcard } from './wildcard';

it.each([
  ['cml-*', 'cml-2.9', true],
  ['cml-*', 'a cml-2.9', false],
  ['lab-?', 'lab-a', true],
  ['lab-?', 'lab-', false],
  ['a.b', 'axb', false],
  ['(x)*', '(x) y', true],
  ['Lab', 'lab', false],
])('%s on %s is %s', (pattern, text, expected) => {
  expect(matchesWildcard(pattern, text)).toBe(expected);
});
