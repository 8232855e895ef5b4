import { Webhook as StandardWebhook } from 'standardwebhooks';
import { type Received } from '../../../src/webhooks/testing/receiver';
import { type LoggedEvent } from '../logged-events';
import { verifyReceived, verifySignatures } from './webhook-verdict';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const AT = new Date('2026-03-02T08:00:00.000Z');
const EXPECTED = [
  { id: 'e-1', place: '4.0' },
  { id: 'e-2', place: '5.0' },
] as LoggedEvent[];

function told(webhookId: string, event: string, { more = '', secret = SECRET } = {}): Received {
  const body = JSON.stringify({ id: event, more });
  const headers = {
    'webhook-id': webhookId,
    'webhook-timestamp': String(AT.getTime() / 1_000),
    'webhook-signature': new StandardWebhook(secret).sign(webhookId, AT, body),
  };
  return { method: 'POST', path: '/', headers, body: Buffer.from(body) };
}

const [first, second] = [told('w-1', 'e-1'), told('w-2', 'e-2')];

describe('the verdict on what a webhook received', () => {
  it('finds nothing wrong with all events, some of them twice', () => {
    expect(verifyReceived([second, first, first], EXPECTED)).toEqual([]);
    expect(verifySignatures([first, second], SECRET)).toEqual([]);
  });

  it.each([
    ['an event that is missing', [first], ['it was not told of e-2 at 5.0']],
    [
      'an event that was not meant for it',
      [first, second, told('w-3', 'e-3')],
      ['it was told of e-3, which it should not hear of'],
    ],
    ['two ids of one event', [first, second, told('w-9', 'e-2')], ['e-2 came as w-2 and as w-9']],
    [
      'one id of two events',
      [first, told('w-1', 'e-2')],
      ['w-1 brought e-1 and e-2', 'w-1 came with two bodies'],
    ],
    [
      'a body that is not the same again',
      [first, second, told('w-2', 'e-2', { more: 'x' })],
      ['w-2 came with two bodies'],
    ],
  ])('finds %s', (_what, received, faults) => {
    expect(verifyReceived(received, EXPECTED)).toEqual(faults);
  });

  it('finds a signature that is not made with the secret', () => {
    const forged = told('w-2', 'e-2', { secret: `whsec_${Buffer.alloc(32, 8).toString('base64')}` });
    expect(verifySignatures([first, forged], SECRET)).toEqual(['w-2 came with a wrong signature']);
  });
});
