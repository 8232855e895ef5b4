import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type ApiAnswer, ApiClient } from '../support/api-client';
import { ADMIN_KEY, REGION } from '../support/fleet-process';
import { type Ledger } from './ledger';
import { type Random } from './random';
import { type Replicas } from './replicas';

interface Request {
  readonly what: string;
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  /** type of the event that it causes */
  readonly event: string;
  /** types of the events that an operation may cause for it */
  readonly followedBy?: readonly string[];
}

interface OwnWorker {
  readonly id: string;
  wanted: 'RUNNING' | 'STOPPED';
  snoozed: boolean;
  protected: boolean;
}

const WORKERS_EACH = 3;

/** Where CML answers still, a termination is prepared: what there is of a licence is given back, and then the instance may go. */
const BEFORE_TERMINATION = ['worker.license-updated', 'worker.termination-prepared'];

/**
 * Commands one after the other on workers that nobody else commands, each of them with an effect: so every one that is
 * acknowledged must have left exactly one commit, in this order.
 */
export class LoadClient {
  private readonly workers: OwnWorker[] = [];
  private sent = 0;
  private stopped = false;

  constructor(
    private readonly name: string,
    private readonly replicas: Replicas,
    private readonly ledger: Ledger,
    private readonly random: Random,
  ) {}

  /** Until `stop`; the command under way is brought to its answer. */
  async run(): Promise<void> {
    while (!this.stopped) {
      if (this.workers.length < WORKERS_EACH) await this.create();
      else await this.change(this.random.pick(this.workers));
      await pause(this.random.int(100, 400));
    }
  }

  stop(): void {
    this.stopped = true;
  }

  private async create(): Promise<void> {
    const order = { awsRegion: REGION, instanceType: 'c5.2xlarge', amiName: 'cml-2.9*' };
    const body = { ...order, name: `${this.name} ${this.sent}` };
    const answer = await this.send(null, {
      ...{ what: 'create', method: 'POST', path: '/api/v1/workers', body },
      event: 'worker.created',
    });
    if (answer.status !== 201) return;
    this.workers.push({ id: answer.body.id, wanted: 'RUNNING', snoozed: false, protected: false });
  }

  private async change(worker: OwnWorker): Promise<void> {
    const path = `/api/v1/workers/${worker.id}`;
    const mark = `${this.name} ${this.sent}`;
    const post = (what: string, body: object, event: string): Request => ({
      ...{ what, method: 'POST', path: `${path}/${what}`, body, event },
    });
    switch (this.random.pick(['tags', 'tags', 'name', 'snooze', 'protection', 'startOrStop', 'terminate'])) {
      case 'tags':
      case 'name': {
        const body = this.random.next() < 0.7 ? { tags: { mark } } : { name: mark };
        const event = 'worker.details-updated';
        return void (await this.send(worker, { what: 'patch', method: 'PATCH', path, body, event }));
      }
      case 'snooze': {
        const event = 'worker.snooze-updated';
        const lift = { what: 'lift snooze', method: 'DELETE', path: `${path}/snooze`, event };
        const request = worker.snoozed ? lift : post('snooze', { minutes: 10_000, reason: mark }, event);
        if ((await this.send(worker, request)).status === 200) worker.snoozed = !worker.snoozed;
        return;
      }
      case 'protection': {
        const event = 'worker.protection-updated';
        const lift = { what: 'lift protection', method: 'DELETE', path: `${path}/protection`, event };
        const request = worker.protected ? lift : post('protection', { reason: mark }, event);
        if ((await this.send(worker, request)).status === 200) worker.protected = !worker.protected;
        return;
      }
      case 'startOrStop': {
        const event = 'worker.desired-state-updated';
        const stop = worker.wanted === 'RUNNING';
        const request = stop
          ? post('stop', { reason: mark, force: true, labs: 'cut' }, event)
          : post('start', { reason: mark }, event);
        if ((await this.send(worker, request)).status === 202) worker.wanted = stop ? 'STOPPED' : 'RUNNING';
        return;
      }
      case 'terminate': {
        // now and then: others must live long enough to be launched
        if (this.random.next() > 0.1) return;
        const request = post('terminate', { reason: mark }, 'worker.desired-state-updated');
        const answer = await this.send(worker, { ...request, followedBy: BEFORE_TERMINATION });
        if (answer.status === 202) this.workers.splice(this.workers.indexOf(worker), 1);
      }
    }
  }

  /** Sends it until it is answered, each time to any process, with the same key. */
  private async send(worker: OwnWorker | null, request: Request): Promise<ApiAnswer> {
    const { what, method, path, body, event, followedBy } = request;
    this.sent += 1;
    const correlationId = randomUUID();
    const headers = { 'idempotency-key': correlationId, 'x-correlation-id': correlationId };
    for (let tries = 1; ; tries += 1) {
      const url = this.replicas.anyUrl(this.random);
      const answer =
        url && (await attempt(() => new ApiClient(url, ADMIN_KEY).send(method, path, body, headers)));
      if (answer && isFinal(answer)) {
        const { status } = answer;
        const done = status < 300;
        if (!done) this.ledger.faults.push(`${what} was refused: ${status} ${answer.body.detail}`);
        const workerId = worker?.id ?? answer.body.id ?? null;
        const promise = done ? 'once' : 'never';
        this.ledger.add({ correlationId, what, workerId, status, tries, event, followedBy, promise });
        return answer;
      }
      if (answer && answer.status === 500)
        this.ledger.faults.push(`${what} was answered 500: ${await this.replicas.errorOf(correlationId)}`);
      await pause(this.random.int(50, 250));
    }
  }
}

/** Not: an outage, too many others at the same time, or an earlier try that runs or seems to. */
function isFinal({ status, body }: ApiAnswer): boolean {
  return status < 500 && !['idempotency-key-in-use', 'version-conflict'].includes(body?.code);
}

/** Null where the connection gave no answer: the process died. */
async function attempt(send: () => Promise<ApiAnswer>): Promise<ApiAnswer | null> {
  try {
    return await send();
  } catch (error) {
    // fetch throws the TypeError of another realm than the test's
    if ((error as Error).name === 'TypeError') return null;
    throw error;
  }
}
