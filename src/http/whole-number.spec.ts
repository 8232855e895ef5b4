import { z } from 'zod';
import { wholeNumber } from './whole-number';

describe('a whole number in a query', () => {
  const schema = z.strictObject({ limit: wholeNumber(0, 200), step: wholeNumber(1, 9).optional() });

  it.each([
    ['0', 0],
    ['200', 200],
    ['007', 7],
  ])('%j is %d', (text, number) => expect(schema.parse({ limit: text })).toEqual({ limit: number }));

  it.each([
    '',
    ' ',
    ' 5',
    '5 ',
    '5\n',
    '+5',
    '1e2',
    '0x10',
    '5.0',
    '-1',
    '201',
    'ten',
    ['5'],
    null,
    undefined,
  ])('%j is none', (given) => expect(schema.safeParse({ limit: given }).success).toBe(false));

  it('may be left out only where that is said, and an empty one is not left out', () => {
    expect(schema.safeParse({}).success).toBe(false);
    expect(schema.safeParse({ limit: '1', step: '' }).success).toBe(false);
    expect(schema.parse({ limit: '1', step: undefined })).toEqual({ limit: 1 });
  });

  it('is an integer with its bounds in the document', () => {
    const { properties, required } = z.toJSONSchema(schema, { io: 'input' });
    expect(properties).toEqual({
      limit: { type: 'integer', minimum: 0, maximum: 200 },
      step: { type: 'integer', minimum: 1, maximum: 9 },
    });
    expect(required).toEqual(['limit']);
  });
});
