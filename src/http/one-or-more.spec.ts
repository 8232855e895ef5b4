import { z } from 'zod';
import { oneOrMoreOf } from './one-or-more';

describe('one or more words in a query', () => {
  const schema = oneOrMoreOf(z.enum(['on', 'off']));

  it('are taken apart at the commas, and any where none is named', () => {
    expect(schema.parse('on')).toEqual(['on']);
    expect(schema.parse('off,on')).toEqual(['off', 'on']);
    expect(schema.parse(undefined)).toBeUndefined();
  });

  it.each(['', 'on,', ',on', 'on,of', 'on, off', 'ON', 'on\n', Array(21).fill('on').join(',')])(
    'are not %j',
    (text) => expect(schema.safeParse(text).success).toBe(false),
  );

  it('are shown by the document as a pattern that fits what is taken', () => {
    const { pattern } = z.toJSONSchema(schema, { io: 'input' }) as { pattern: string };
    expect(pattern).toBe('^(on|off)(,(on|off))*$');
    for (const text of ['on', 'off,on', '', 'on,', 'onoff']) {
      expect(new RegExp(pattern).test(text)).toBe(schema.safeParse(text).success);
    }
  });
});
