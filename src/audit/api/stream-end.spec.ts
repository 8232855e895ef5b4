import { type SseConnection } from '../../../test/support/sse-client';
import { eventually } from '../../../test/support/eventually';
import { type AuditApp, startAuditApp, Writer } from '../testing/audit-app';

describe('open streams', () => {
  let http: AuditApp;
  beforeEach(async () => {
    http = await startAuditApp();
  });
  afterEach(() => http.close());

  /** Reads to the end, whatever comes. */
  const drained = async (stream: SseConnection): Promise<number> => {
    let count = 0;
    for await (const _ of stream) count += 1;
    return count;
  };
  const ends = () => http.log.filter(({ msg }) => msg === 'stream ended').map(({ endedBy }) => endedBy);

  it('end with the application, which does not wait for their clients', async () => {
    const streams = await Promise.all(Array.from({ length: 10 }, () => http.follow()));
    const reading = Promise.all(streams.map(drained));
    const begun = Date.now();
    await http.close();
    expect(Date.now() - begun).toBeLessThan(20_000);
    await reading;
    expect(streams.map(({ endedBy }) => endedBy)).toEqual(Array(10).fill('server'));
    expect(ends()).toEqual(Array(10).fill('shutdown'));
  });

  it('end when their key is revoked, told or not, and its holder is not let in again', async () => {
    const stream = await http.follow();
    const reading = drained(stream);
    http.keys.revoke('viewer');
    expect(await reading).toBe(0);
    expect([stream.endedBy, ends()]).toEqual(['server', ['key']]);
    await expect(http.follow()).rejects.toMatchObject({ status: 401 });

    const other = await http.follow({ key: 'operator-token' });
    http.keys.revoke('operator', { quietly: true });
    await drained(other);
    expect(ends()).toEqual(['key', 'key']);
  });

  it('cost little: what a hundred of them are sent is there for all soon after', async () => {
    const streams = await Promise.all(
      Array.from({ length: 100 }, (_, index) => http.follow({ key: `viewer-token-${index % 10}` })),
    );
    const writer = new Writer(http.store);
    const reading = Promise.all(streams.map((stream) => stream.take(100)));
    const begun = Date.now();
    for (let count = 0; count < 50; count += 1) await writer.append(1, 2);
    const got = await reading;
    expect(Date.now() - begun).toBeLessThan(20_000);
    expect(new Set(got.map((messages) => messages.map(({ id }) => id).join())).size).toBe(1);
    await eventually(() => expect(ends()).toHaveLength(100));
  });
});
