import { type Connection } from 'mongoose';
import { answer, type Receiver, startReceiver } from '../../../src/webhooks/testing/receiver';
import { ApiClient } from '../../support/api-client';
import { eventually } from '../../support/eventually';
import { ADMIN_KEY } from '../../support/fleet-process';
import { connectTo } from '../../support/test-database';
import { loggedEvents } from '../logged-events';
import { readStored } from '../stored';
import { type Scene, type Watcher } from '../watcher';
import { eventIdOf, verifyReceived, verifySignatures } from './webhook-verdict';

/** The claim of a delivery lasts a minute, that of a subscription half of one. */
const SETTLE_MS = 150_000;
/** Milliseconds that the receiver takes at most, so that processes die between a request and its answer. */
const SLOW_MS = 100;

interface Made {
  readonly id: string;
  readonly secret: string;
}

/** A receiver of a webhook, which never dies: all that was committed after the webhook must have come, under one id each. */
export class WebhookWatcher implements Watcher {
  private scene: Scene | null = null;
  private receiver: Receiver | null = null;
  private made: Made | null = null;
  private connection: Connection | null = null;

  constructor(
    private readonly name: string,
    /** which events; empty: all */
    private readonly types: readonly string[] = [],
  ) {}

  async start(scene: Scene): Promise<void> {
    const { random, replicas } = scene;
    this.scene = scene;
    const receiver = await startReceiver();
    this.receiver = receiver;
    receiver.respond = (request, response) =>
      void setTimeout(() => answer(204)(request, response), random.int(0, SLOW_MS));
    const api = new ApiClient(replicas.anyUrl(random) ?? '', ADMIN_KEY);
    const { status, body } = await api.post('/api/v1/webhooks', { url: receiver.url, types: this.types });
    if (status !== 201) throw new Error(`the webhook was refused: ${status} ${body.detail}`);
    this.made = { id: body.id, secret: body.secret };
  }

  async afterEachKill(): Promise<void> {}

  async verify(): Promise<string[]> {
    if (!this.scene || !this.made) return [`${this.name} never began`];
    const { made, received } = { made: this.made, received: this.received };
    const connection = await connectTo(this.scene.mongoUri);
    this.connection = connection;
    let faults: string[] = [];
    await eventually(async () => {
      faults = [...(await this.unsettled(made, connection)), ...(await this.judge(made, connection))];
      if (faults.length > 0) throw new Error('not yet');
    }, SETTLE_MS).catch((error: unknown) => {
      if (faults.length === 0) throw error;
    });
    return [...faults, ...verifySignatures(received, made.secret)].map((fault) => `${this.name}: ${fault}`);
  }

  figures(): Readonly<Record<string, number>> {
    const events = new Set(this.received.map(({ body }) => eventIdOf(body))).size;
    const ids = new Set(this.received.map(({ headers }) => headers['webhook-id'])).size;
    return {
      [`${this.name}: events told`]: events,
      [`${this.name}: requests received`]: this.received.length,
      [`${this.name}: of them doubles`]: this.received.length - ids,
      [`${this.name}: different webhook-ids`]: ids,
    };
  }

  async stop(): Promise<void> {
    await this.connection?.close();
    await this.receiver?.close();
  }

  /** What is still on its way, or stuck. */
  private async unsettled({ id }: Made, connection: Connection): Promise<string[]> {
    const pending = await connection
      .collection('webhook_deliveries')
      .countDocuments({ webhookId: id, state: { $ne: 'delivered' } });
    const subscription = await connection
      .collection<{ _id: string; position: number }>('es_subscriptions')
      .findOne({ _id: `webhook:${id}` });
    const last = await connection.collection<{ _id: number }>('es_log').findOne({}, { sort: { _id: -1 } });
    const lag = (last?._id ?? 0) - (subscription?.position ?? 0);
    return [
      ...(pending > 0 ? [`${pending} deliveries are on their way`] : []),
      ...(lag > 0 ? [`its subscription is ${lag} behind the log`] : []),
    ];
  }

  private async judge({ id }: Made, connection: Connection): Promise<string[]> {
    const stored = await readStored(connection);
    const created = stored.log.find(({ stream }) => stream === `webhook-${id}`)?._id ?? Infinity;
    const expected = loggedEvents(stored, this.types).filter(({ position }) => position > created);
    return verifyReceived(this.received, expected);
  }

  private get received(): Receiver['received'] {
    return this.receiver?.received ?? [];
  }
}
