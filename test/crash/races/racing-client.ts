import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type ApiAnswer, ApiClient } from '../../support/api-client';
import { ADMIN_KEY, REGION } from '../../support/fleet-process';
import { type Entry, type Ledger } from '../ledger';
import { type Random } from '../random';
import { type Replicas } from '../replicas';

/** The tag that all clients count up, each on what it has read. */
export const COUNT = 'count';

/** What is wanted already, asked for once more: what is in the way is tried at once; a start is a use all the same. */
const ASKED_AGAIN = {
  start: ['worker.use-noted', 'worker.status-reason-updated,worker.use-noted'],
  stop: ['worker.status-reason-updated'],
} as const;

interface Request {
  readonly what: string;
  readonly method: string;
  readonly path: string;
  readonly body: object;
  readonly event: string;
  readonly ifMatch?: string;
  /** others may have brought it about already: then it has no effect, or one of these alone */
  readonly orElse?: readonly string[];
}

/** Commands on workers that others command at the same time, all to one process. */
export class RacingClient {
  private sent = 0;
  private stopped = false;

  constructor(
    private readonly name: string,
    private readonly process: number,
    private readonly workers: readonly string[],
    private readonly replicas: Replicas,
    private readonly ledger: Ledger,
    private readonly random: Random,
  ) {}

  async run(): Promise<void> {
    while (!this.stopped) {
      await this.command();
      await pause(this.random.int(5, 50));
    }
  }

  stop(): void {
    this.stopped = true;
  }

  private async command(): Promise<void> {
    const id = this.random.pick(this.workers);
    const path = `/api/v1/workers/${id}`;
    const reason = `${this.name} ${this.sent}`;
    switch (this.random.pick(['count', 'count', 'count', 'snooze', 'protect', 'start', 'stop', 'create'])) {
      case 'count': {
        const { status, headers, body: read } = await this.api().get(path);
        if (status !== 200) return;
        const body = { tags: { [COUNT]: String(Number(read.tags[COUNT] ?? 0) + 1) } };
        const event = 'worker.details-updated';
        const ifMatch = headers.get('etag') ?? '';
        return this.send(id, { what: 'count', method: 'PATCH', path, body, event, ifMatch });
      }
      case 'snooze': {
        const body = { minutes: this.random.int(1_000, 10_000), reason };
        const event = 'worker.snooze-updated';
        return this.send(id, { what: 'snooze', method: 'POST', path: `${path}/snooze`, body, event });
      }
      case 'protect': {
        const event = 'worker.protection-updated';
        return this.send(id, {
          what: 'protect',
          method: 'POST',
          path: `${path}/protection`,
          body: { reason },
          event,
        });
      }
      case 'start':
      case 'stop': {
        const stop = this.random.next() < 0.5;
        const what: keyof typeof ASKED_AGAIN = stop ? 'stop' : 'start';
        const body = stop ? { reason, force: true, labs: 'cut' } : { reason };
        const event = 'worker.desired-state-updated';
        return this.send(id, {
          what,
          method: 'POST',
          path: `${path}/${what}`,
          body,
          event,
          orElse: ASKED_AGAIN[what],
        });
      }
      case 'create': {
        if (this.random.next() > 0.2) return;
        const order = { awsRegion: REGION, instanceType: 'c5.2xlarge', amiName: 'cml-2.9*' };
        const body = { ...order, name: reason };
        return this.send(null, {
          what: 'create',
          method: 'POST',
          path: '/api/v1/workers',
          body,
          event: 'worker.created',
        });
      }
    }
  }

  private async send(workerId: string | null, request: Request): Promise<void> {
    const { what, method, path, body, event, ifMatch, orElse } = request;
    this.sent += 1;
    const correlationId = randomUUID();
    const headers = {
      'idempotency-key': correlationId,
      'x-correlation-id': correlationId,
      ...(ifMatch !== undefined && { 'if-match': ifMatch }),
    };
    let unclear = false;
    for (let tries = 1; ; tries += 1) {
      const answer = await this.api().send(method, path, body, headers);
      const { status } = answer;
      if (
        status < 500 &&
        answer.body?.code !== 'version-conflict' &&
        answer.body?.code !== 'idempotency-key-in-use'
      ) {
        const promise: Entry['promise'] =
          status >= 400 ? (unclear ? 'at most once' : 'never') : orElse ? 'at most once' : 'once';
        this.ledger.add({ correlationId, what, workerId, status, tries, event, orElse, promise });
        if (status >= 400 && status !== 412)
          this.ledger.faults.push(`${what} was refused: ${problemOf(answer)}`);
        return;
      }
      if (status === 500)
        this.ledger.faults.push(`${what} was answered 500: ${await this.replicas.errorOf(correlationId)}`);
      unclear ||= status >= 500;
      await pause(this.random.int(20, 100));
    }
  }

  private api(): ApiClient {
    return new ApiClient(this.replicas.urlOf(this.process) ?? '', ADMIN_KEY);
  }
}

function problemOf({ status, body }: ApiAnswer): string {
  return `${status} ${body?.detail}`;
}
