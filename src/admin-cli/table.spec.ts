import { pairs, plain, table } from './table';
import { ago } from './times';

describe('a table', () => {
  it('has columns as wide as their widest cell, and shows what is not known as that', () => {
    expect(
      table(
        ['NAME', 'LABS', 'ID'],
        [
          ['ä', 0, 'x'],
          ['routing', null, 'y'],
        ],
      ),
    ).toEqual(['NAME     LABS  ID', 'ä        0     x', 'routing  ?     y']);
  });

  it('shows what a terminal would obey', () => {
    expect(plain('a\u001b[2Jb\nc\u202ed\u009be')).toBe('a\\u{1b}[2Jb\\u{a}c\\u{202e}d\\u{9b}e');
    expect(table(['N'], [['\u0007']])).toEqual(['N', '\\u{7}']);
    expect(pairs([['tags', 'a=\r']])).toEqual(['tags  a=\\u{d}']);
  });
});

describe('ago', () => {
  const now = new Date('2027-01-15T08:00:00.000Z');
  it.each([
    ['2027-01-15T08:00:00.900Z', 'now'],
    ['2027-01-15T07:59:01.000Z', '59 s ago'],
    ['2027-01-15T07:00:01.000Z', '59 min ago'],
    ['2027-01-14T08:00:00.000Z', '1 d ago'],
    ['2027-01-15T10:30:00.000Z', 'in 2 h'],
    [null, '-'],
  ])('says of %s: %s', (time, text) => {
    expect(ago(time, now)).toBe(text);
  });
});
