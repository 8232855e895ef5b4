import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { Secret } from '../kernel/secret';
import { EventFollower } from './event-follower';
import { FleetApi } from './fleet-api';
import { Session } from './session';

type Reply = (response: ServerResponse) => void;

/** Each connection gets the next reply; beyond them nobody is let in. */
describe('who follows events', () => {
  let server: Server;
  let replies: Reply[];
  let asked: (string | undefined)[];
  let pauses: number[];
  let told: string[];

  beforeEach(async () => {
    [replies, asked, pauses, told] = [[], [], [], []];
    server = createServer((request: IncomingMessage, response) => {
      asked.push(request.headers['last-event-id'] as string | undefined);
      const refuse: Reply = (to) =>
        to
          .writeHead(401, { 'content-type': 'application/problem+json' })
          .end('{"status":401,"title":"No key"}');
      (replies.shift() ?? refuse)(response);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => void server.close());

  const stream =
    (text: string, cut = false): Reply =>
    (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(text, () => (cut ? response.destroy() : response.end()));
    };
  const follow = async (after: string | null = null) => {
    const io = {
      ...{
        env: {},
        out: () => undefined,
        err: (line: string) => void told.push(line),
        now: () => new Date(0),
      },
      pause: (ms: number) => Promise.resolve(void pauses.push(ms)),
      signal: new AbortController().signal,
    };
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const session = new Session(new FleetApi(url, new Secret('k'), io), io, false);
    const follower = new EventFollower(session, '/events', {}, after);
    const got: string[] = [];
    const end = (async () => {
      for await (const { data } of follower.events()) got.push(data);
    })();
    await expect(end).rejects.toMatchObject({ status: 3 });
    return got;
  };

  it('goes on from the last event after a cut, and takes nothing that was half said', async () => {
    replies.push(stream('id: 1\n\nid: 2\ndata: a\n\nid: 3\ndata: half', true), stream('id: 3\ndata: b\n\n'));
    expect(await follow()).toEqual(['a', 'b']);
    expect(asked).toEqual([undefined, '2', '3']);
  });

  it('goes on from where the server looked last, though it had no event', async () => {
    replies.push(stream('id: 7\n\n'), stream(':still there\nid: 9\n\n'));
    expect(await follow('5')).toEqual([]);
    expect(asked).toEqual(['5', '7', '9']);
  });

  it('waits longer each time that the server is away, at least for what it asks', async () => {
    const away: Reply = (response) => response.writeHead(503, { 'retry-after': '9' }).end();
    const gone: Reply = (response) => response.destroy();
    replies.push(gone, gone, gone, gone, gone, gone, away, stream('id: 1\ndata: a\n\n', true), gone);
    expect(await follow()).toEqual(['a']);
    expect(pauses).toEqual([1000, 2000, 4000, 8000, 16000, 30000, 30000, 1000, 2000]);
    expect(told[0]).toContain('does not answer');
  });
});
