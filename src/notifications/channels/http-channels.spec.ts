import { ManualClock, SECOND } from '../../kernel/clocks';
import { Secret } from '../../kernel/secret';
import { StandardSigner, TargetNetworks, UndiciPoster } from '../../webhooks';
import {
  answer,
  isSignedBy,
  type Received,
  type Receiver,
  startReceiver,
} from '../../webhooks/testing/receiver';
import { type OutgoingNotice } from '../domain/ports';
import { aPosting, START } from '../testing/notices-bench';
import { SlackChannel } from './slack-channel';
import { WebhookChannel } from './webhook-channel';

const never = new AbortController().signal;
const SIGNING = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
const NOTICE: OutgoingNotice = {
  ...aPosting({ noticeId: 'n-1', workerName: 'lab <1> & co', sentence: 'lab <1>: 1 < 2.' }),
  urls: { keepOneHour: 'https://fleet/a', keepUntil: 'https://fleet/b', stopNow: 'https://fleet/c' },
  installation: 'i-1',
};

describe('a notice over HTTP', () => {
  const clock = new ManualClock(START);
  let receiver: Receiver;
  let poster: UndiciPoster;
  beforeEach(async () => {
    receiver = await startReceiver();
    poster = new UndiciPoster({ networks: new TargetNetworks(['127.0.0.0/8']), clock, timeoutMs: 500 });
  });
  afterEach(async () => {
    await poster.close();
    await receiver.close();
  });
  const url = () => new Secret(receiver.url);
  const webhook = () =>
    new WebhookChannel({
      ...{ url: url(), secret: new Secret(SIGNING), poster, signer: new StandardSigner(), clock },
    });
  const slack = () => new SlackChannel({ url: url(), poster });
  const received = (): Received => {
    const [first] = receiver.received;
    if (!first) throw new Error('nothing arrived');
    return first;
  };
  const jsonOf = ({ body }: Received) => JSON.parse(body.toString()) as Record<string, unknown>;

  it('to a program has everything that a program needs, signed, under the id of the notice', async () => {
    expect(await webhook().send(NOTICE, never)).toEqual({ error: null, retryAfterMs: null });
    expect(received().headers).toMatchObject({
      ...{ 'webhook-id': 'n-1', 'content-type': 'application/json; charset=utf-8' },
    });
    expect(isSignedBy(SIGNING, received(), START)).toBe(true);
    expect(isSignedBy(`whsec_${Buffer.alloc(32, 8).toString('base64')}`, received(), START)).toBe(false);
    expect(jsonOf(received())).toEqual({
      type: 'notice.stop-planned',
      timestamp: '2027-01-15T12:00:00.000Z',
      data: {
        ...{ noticeId: 'n-1', workerId: 'w-1', workerName: 'lab <1> & co', decisionId: 'd-1' },
        ...{ sentence: 'lab <1>: 1 < 2.', deadline: '2027-01-15T13:00:00.000Z', stageMinutes: 60 },
        ...{ cause: 'idle', links: NOTICE.urls, installation: 'i-1' },
      },
    });
  });

  it('has the same bytes and the same id in each try', async () => {
    receiver.respond = answer(500);
    for (const at of [0, 60]) {
      clock.set(new Date(START.getTime() + at * SECOND));
      await webhook().send(NOTICE, never);
    }
    const [first, second] = receiver.received;
    expect(second?.body).toEqual(first?.body);
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
  });

  it('to a room is text that nobody can write signs into, with links that are not unfolded', async () => {
    await slack().send(NOTICE, never);
    expect(jsonOf(received())).toEqual({
      text: [
        '*lab &lt;1&gt; &amp; co will be stopped at 2027-01-15 13:00 UTC*',
        'lab &lt;1&gt;: 1 &lt; 2.',
        '<https://fleet/a|Keep it for one more hour> · <https://fleet/b|Keep it until a time> · <https://fleet/c|Stop it now>',
      ].join('\n'),
      ...{ unfurl_links: false, unfurl_media: false },
    });
  });

  it('to a room holds no links where there are none', async () => {
    await slack().send({ ...NOTICE, topic: 'stopped', urls: null }, never);
    expect(jsonOf(received()).text).toBe(
      '*lab &lt;1&gt; &amp; co is being stopped*\nlab &lt;1&gt;: 1 &lt; 2.',
    );
  });

  it.each([
    ['webhook', webhook],
    ['slack', slack],
  ])('by %s is not delivered where the receiver refuses, slows down or hangs', async (_name, make) => {
    const results: unknown[] = [];
    for (const respond of [answer(404), answer(429, { 'retry-after': '7' }), () => undefined]) {
      receiver.respond = respond;
      results.push(await make().send(NOTICE, never));
    }
    expect(results).toEqual([
      { error: 'answered 404', retryAfterMs: null },
      { error: 'answered 429', retryAfterMs: 7_000 },
      { error: 'no answer within 1 s', retryAfterMs: null },
    ]);
  });
});
