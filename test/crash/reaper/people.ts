import { setTimeout as pause } from 'node:timers/promises';
import { MINUTE, plus } from '../../../src/kernel/clocks';
import { busy, leaves, neverComes } from '../../../src/simulator/people/people';
import { type Simulator } from '../../../src/simulator/start-simulator';
import { ApiClient } from '../../support/api-client';
import { ADMIN_KEY, REGION } from '../../support/fleet-process';
import { type Random } from '../random';
import { type ReceivedNotice } from './notice-receiver';

/** A worker of the run. */
export interface CastWorker {
  readonly id: string;
  readonly name: string;
}

const IDLE = 8;
const BUSY = 2;
const LOOK_EVERY_MS = 500;
const ANSWERS_WITHIN_MS = 5_000;
/** One notice in so many has somebody go on working, and for how long at most (fleet minutes). */
const OBEYED = 5;
const GOES_ON_MINUTES = 4;
/** Nobody begins anything later than this before the announced time: what comes after the probe nobody can see. */
const NOT_LATER_MS = 30_000;

/** Those who use the workers: they come, leave, go on when they are told of a stop, and start what was stopped. */
export class People {
  workers: readonly CastWorker[] = [];
  /** times that somebody went on working because of a notice, and that somebody started a stopped worker */
  wentOn = 0;
  started = 0;
  private going: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly simulator: Simulator,
    /** of a process that serves; null while none does */
    private readonly url: () => string | null,
    private readonly random: Random,
  ) {}

  async order(): Promise<void> {
    const { world } = this.simulator;
    for (let n = 0; n < IDLE; n += 1) world.cast(`idle-${n}`, n % 3 === 0 ? neverComes : leaves(2 + n / 2));
    world.cast('busy-*', busy);
    const api = new ApiClient(this.url() ?? '', ADMIN_KEY);
    const names = [...numbered('idle', IDLE), ...numbered('busy', BUSY)];
    const order = { awsRegion: REGION, instanceType: 'c5.2xlarge', amiName: 'cml-2.9*' };
    const answers = await Promise.all(names.map((name) => api.post('/api/v1/workers', { ...order, name })));
    this.workers = answers.map(({ body }) => ({ id: body.id as string, name: body.name as string }));
  }

  live(): void {
    this.going = this.startWhatStopped();
  }

  async leave(): Promise<void> {
    this.stopped = true;
    await this.going;
  }

  /** Perhaps somebody works on, long enough before the stop that the last probe must show it. */
  async hear({ topic, workerId, deadline }: ReceivedNotice): Promise<void> {
    const { world } = this.simulator;
    if (topic !== 'notice.stop-planned' || this.random.int(1, OBEYED) > 1) return;
    const worker = this.workers.find(({ id }) => id === workerId);
    const instance = world.instances().find((each) => world.nameOf(each) === worker?.name);
    const now = world.options.clock.now();
    if (!instance || !deadline || new Date(deadline) < plus(now, NOT_LATER_MS)) return;
    const host = world.host(instance.id);
    if (host.phase(now) !== 'ready') return;
    const { server } = host;
    const user = server.userNamed('linus');
    const lab = server.labOf(user, 'one more thing', now);
    server.startLab(lab, user, now);
    host.lastUsedAt = now;
    this.wentOn += 1;
    await pause(world.options.clock.toMachineMs(this.random.int(1, GOES_ON_MINUTES) * MINUTE));
    const later = world.options.clock.now();
    if (world.host(instance.id).phase(later) !== 'ready') return;
    host.lastUsedAt = later;
    server.stopLab(lab, user, later);
  }

  private async startWhatStopped(): Promise<void> {
    while (!this.stopped) {
      await pause(LOOK_EVERY_MS);
      const url = this.url();
      if (url === null) continue;
      const listed = await ask(url, 'GET', '/api/v1/workers?limit=50');
      for (const { id, status, desiredState } of listed?.items ?? []) {
        if (status !== 'STOPPED' || desiredState !== 'STOPPED' || this.random.int(1, 3) > 1) continue;
        if (await ask(url, 'POST', `/api/v1/workers/${id}/start`)) this.started += 1;
      }
    }
  }
}

interface Answer {
  readonly items?: readonly { readonly id: string; readonly status: string; readonly desiredState: string }[];
}

/** Null: it was refused, or the process dies, or sleeps: people try again. */
async function ask(url: string, method: string, path: string): Promise<Answer | null> {
  const headers = { authorization: `Bearer ${ADMIN_KEY}` };
  const signal = AbortSignal.timeout(ANSWERS_WITHIN_MS);
  const answer = await fetch(`${url}${path}`, { method, headers, signal })
    .then(async (response) => (response.ok ? ((await response.json()) as Answer) : null))
    .catch((error: unknown) => {
      // fetch throws errors of another realm than the test's
      if (['TypeError', 'TimeoutError', 'AbortError', 'SyntaxError'].includes((error as Error).name))
        return null;
      throw error;
    });
  return answer;
}

function numbered(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, n) => `${name}-${n}`);
}
