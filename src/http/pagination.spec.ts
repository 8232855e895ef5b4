import { z } from 'zod';
import { InvalidInput } from '../kernel/domain-error';
import { decodeCursor, encodeCursor, page } from './pagination';

const position = z.object({ name: z.string(), id: z.string() });

describe('page', () => {
  it('ends where the rows end', () => {
    expect(page(['a', 'b'], 2, (last) => last)).toEqual({ items: ['a', 'b'], nextCursor: null });
    expect(page([], 2, (last) => last)).toEqual({ items: [], nextCursor: null });
  });

  it('continues after its last item when there are more', () => {
    expect(page(['a', 'b', 'c'], 2, (last) => ({ name: last, id: '1' }))).toEqual({
      items: ['a', 'b'],
      nextCursor: encodeCursor({ name: 'b', id: '1' }),
    });
  });
});

describe('decodeCursor', () => {
  it('gives back the position', () => {
    const cursor = encodeCursor({ name: 'ü/+?', id: '7' });
    expect(cursor).toMatch(/^[\w-]+$/);
    expect(decodeCursor(cursor, position)).toEqual({ name: 'ü/+?', id: '7' });
    expect(decodeCursor(undefined, position)).toBeNull();
  });

  it.each(['', 'garbage', encodeCursor({ name: 1 }), encodeCursor(null)])('refuses "%s"', (cursor) => {
    const decode = () => decodeCursor(cursor, position);
    expect(decode).toThrow(InvalidInput);
    expect(decode).toThrow('/query/cursor: not a cursor of this list');
  });
});
