import { HOUR, plus } from '../../kernel/clocks';
import { selects, storedType, TYPE_PATTERN } from './event-selection';
import { pauseAfter } from './retry-schedule';
import { signingRefs, Webhook } from './webhook';
import { WebhookNotFound } from './webhook-errors';

const NOW = new Date('2027-01-01T12:00:00.000Z');
const LATER = plus(NOW, HOUR);
const DETAILS = {
  url: 'https://hooks.example/token',
  origin: 'https://hooks.example',
  types: ['worker.*'],
  workerIds: [],
  description: '',
};

function aWebhook(): Webhook {
  const created = Webhook.create('w-1', {
    ...DETAILS,
    ...{ secretRef: 's-1', secretFingerprint: 'f-1', createdAt: NOW, createdBy: 'user:ann' },
  });
  return Webhook.restore('w-1', created.uncommitted);
}
const eventsOf = (webhook: Webhook) => webhook.uncommitted.map(({ type, data }) => [type, data]);

describe('a webhook', () => {
  it('is enabled from its creation on, and the same when it is restored', () => {
    const webhook = aWebhook();
    expect(webhook.version).toBe(1);
    expect(webhook.state).toMatchObject({ ...DETAILS, updatedAt: NOW, disabled: null, deletedAt: null });
  });

  it('changes only where something differs', () => {
    const webhook = aWebhook();
    webhook.update({ types: ['worker.*'], description: '' }, LATER);
    webhook.update({ description: 'chat' }, LATER);
    expect(eventsOf(webhook)).toEqual([
      ['webhook.updated', { ...DETAILS, description: 'chat', updatedAt: LATER }],
    ]);
  });

  it('is disabled for the first reason, until it is enabled', () => {
    const webhook = aWebhook();
    webhook.enable(NOW);
    webhook.disable('gone', NOW);
    webhook.disable('late', LATER);
    expect(webhook.state.disabled).toEqual({ reason: 'gone', at: NOW });
    webhook.enable(LATER);
    expect(webhook.state.disabled).toBeNull();
    expect(eventsOf(webhook).map(([type]) => type)).toEqual(['webhook.disabled', 'webhook.enabled']);
  });

  it('signs with both secrets for a day after a rotation, the second of two in that time', () => {
    const webhook = aWebhook();
    expect(signingRefs(webhook.state, NOW)).toEqual(['s-1']);
    webhook.rotateSecret({ secretRef: 's-2', secretFingerprint: 'f-2' }, NOW);
    expect(signingRefs(webhook.state, plus(NOW, 24 * HOUR - 1))).toEqual(['s-2', 's-1']);
    expect(signingRefs(webhook.state, plus(NOW, 24 * HOUR))).toEqual(['s-2']);
    webhook.rotateSecret({ secretRef: 's-3', secretFingerprint: 'f-3' }, LATER);
    expect(signingRefs(webhook.state, plus(NOW, 24 * HOUR))).toEqual(['s-3', 's-2']);
  });

  it('is not there any more once it is deleted', () => {
    const webhook = aWebhook();
    webhook.delete(NOW);
    webhook.delete(LATER);
    expect(eventsOf(webhook)).toEqual([['webhook.deleted', { at: NOW }]]);
    expect(() => webhook.update({ description: 'x' }, LATER)).toThrow(WebhookNotFound);
    expect(() => webhook.disable('x', LATER)).toThrow(WebhookNotFound);
    expect(() => webhook.enable(LATER)).toThrow(WebhookNotFound);
    expect(() => webhook.rotateSecret({ secretRef: 's', secretFingerprint: 'f' }, LATER)).toThrow(
      WebhookNotFound,
    );
  });
});

describe('the selection of events', () => {
  const event = { type: 'worker.status-updated', aggregateId: 'worker-1' };

  it.each([
    [[], [], true],
    [['worker.status-updated'], [], true],
    [['worker.*'], [], true],
    [['api-key.*', 'worker.created'], [], false],
    [['work.*'], [], false],
    [[], ['worker-1'], true],
    [[], ['worker-2'], false],
    [['worker.created'], ['worker-1'], false],
  ])('by the types %j and the workers %j', (types, workerIds, selected) => {
    expect(selects({ types, workerIds }, event)).toBe(selected);
  });

  it('takes types as events are stored and as they are sent', () => {
    expect(storedType('io.cml-fleet.worker.status-updated.v1')).toBe('worker.status-updated');
    expect(storedType('worker.*')).toBe('worker.*');
    const good = ['worker.created', 'api-key.revoked', 'worker.*', 'api-key.*'];
    expect(good.every((text) => TYPE_PATTERN.test(text))).toBe(true);
    const bad = ['*', 'worker', '*.created', 'worker.', 'worker.*x', '.*', 'Worker.created', 'a.b.c'];
    expect(bad.filter((text) => TYPE_PATTERN.test(text))).toEqual([]);
  });
});

describe('the pause after a try', () => {
  it('grows, is up to a tenth longer by chance, and ends after the tenth', () => {
    expect([1, 2, 9, 10].map((attempts) => pauseAfter(attempts, null, 0))).toEqual([
      ...[5_000, 300_000, 24 * HOUR, null],
    ]);
    expect(pauseAfter(1, null, 0.999_999)).toBe(5_500);
  });

  it('is what the receiver asks for if that is longer, up to a day', () => {
    expect(pauseAfter(1, 60_000, 0.5)).toBe(60_000);
    expect(pauseAfter(1, 1_000 * HOUR, 0.5)).toBe(24 * HOUR);
    expect(pauseAfter(9, 0, 0)).toBe(24 * HOUR);
    expect(pauseAfter(10, 60_000, 0)).toBeNull();
  });
});
