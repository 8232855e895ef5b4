import fc from 'fast-check';
import { SseParser } from './sse-parser';

const STREAM = [
  'retry: 3000\nid: 7\n\n',
  ': still here\n\n',
  'id: 8.0\nevent: a.b\ndata: {"x":1}\n\n',
  'data:one\ndata: two\n\n',
  'id: 9\n\n',
  'id: 10.0\ndata: cut off',
].join('');

describe('the reader of event streams', () => {
  it('dispatches what a browser would, wherever the text is cut and however its lines end', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(STREAM.length * 2)),
        fc.constantFrom('\n', '\r\n', '\r'),
        (cuts, ending) => {
          const text = STREAM.replaceAll('\n', ending);
          const parser = new SseParser();
          const ends = [...cuts.filter((cut) => cut < text.length).sort((a, b) => a - b), text.length];
          const messages = ends.flatMap((end, index) => [
            ...parser.feed(text.slice(ends[index - 1] ?? 0, end)),
          ]);
          expect(messages).toEqual([
            { id: '8.0', event: 'a.b', data: '{"x":1}' },
            { id: '8.0', event: 'message', data: 'one\ntwo' },
          ]);
          expect([parser.lastEventId, parser.retry, parser.comments]).toEqual(['9', 3000, ['still here']]);
        },
      ),
    );
  });
});
