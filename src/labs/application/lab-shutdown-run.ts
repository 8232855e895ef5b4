import { MINUTE, type MachineClock, plus, SECOND } from '../../kernel/clocks';
import { type Timers } from '../../kernel/timers';
import { CmlError, type CmlFailure, type CmlServer } from '../../telemetry';
import { type Lab, type LabClient } from './lab-client';
import { type LabShutdownOptions } from './lab-shutdown';
import { latestStartedFirst } from './stop-order';

/** Machine milliseconds: for all of it; until a lab that does not stop has to wait for the others; between two looks. */
export const BUDGET_MS = 20 * MINUTE;
export const PER_LAB_MS = 5 * MINUTE;
export const LOOK_EVERY_MS = 5 * SECOND;
/** Machine milliseconds that a server may be silent: a lost answer must not fail what takes minutes anyway. */
export const SILENCE_MS = 2 * MINUTE;
/** Machine milliseconds without a started lab, after which a server that never tells of nodes is believed. */
const UNTOLD_MS = MINUTE;

const PASSING: readonly CmlFailure[] = ['unreachable', 'timeout', 'not-ready', 'busy'];

export interface ShutdownParts {
  readonly client: LabClient;
  readonly clock: MachineClock;
  readonly timers: Timers;
}

/** One stop of all labs of a server. It knows nothing but what the server says, so it may be begun anew at any time. */
export class LabShutdownRun {
  private readonly end: Date;
  private stopped = 0;
  private readonly tries = new Map<string, number>();
  private silentSince: Date | null = null;
  /** since when no lab is started, as long as the server does not tell how many nodes run */
  private untoldSince: Date | null = null;
  private toldOfNodes = false;
  private running: { readonly labs: number | null; readonly nodes: number | null } = {
    labs: null,
    nodes: null,
  };

  /** `starts`: when labs were seen to start, as far as that is known */
  constructor(
    private readonly parts: ShutdownParts,
    private readonly server: CmlServer,
    private readonly starts: ReadonlyMap<string, Date>,
    private readonly options: LabShutdownOptions,
  ) {
    this.end = plus(parts.clock.now(), BUDGET_MS);
  }

  /** @returns how many labs it stopped @throws CmlError, and the signal's reason */
  async run(): Promise<number> {
    for (;;) {
      this.mustGoOn();
      const started = await this.startedLabs();
      const [next] = started ?? [];
      if (next) this.untoldSince = null;
      if (next) await this.stop(next, started?.length ?? 1);
      else if (started && (await this.noNodeRuns())) return this.stopped;
      else await this.pause();
    }
  }

  /** In the order in which they are stopped; null where the server did not answer this time. */
  private async startedLabs(): Promise<Lab[] | null> {
    const all = await this.ask(() => this.parts.client.list(this.server));
    if (!all) return null;
    const started = all.filter(({ state }) => state === 'STARTED');
    this.running = { ...this.running, labs: started.length };
    const triesOf = ({ id }: Lab) => this.tries.get(id) ?? 0;
    // a stable sort: those that did not stop in their time come after the others
    return latestStartedFirst(started, this.starts).sort((a, b) => triesOf(a) - triesOf(b));
  }

  /** Asks the lab to stop, and waits until it has, or until others have their turn. */
  private async stop({ id }: Lab, startedNow: number): Promise<void> {
    const { client, clock } = this.parts;
    this.tries.set(id, (this.tries.get(id) ?? 0) + 1);
    if ((await this.ask(() => client.stop(this.server, id))) === null) return this.pause();
    const until = plus(clock.now(), PER_LAB_MS);
    while (clock.now() < until) {
      const now = await this.ask(async () => ({ lab: await client.get(this.server, id) }));
      if (now && now.lab?.state !== 'STARTED') {
        this.stopped += 1;
        this.tries.delete(id);
        await this.options.onProgress?.(this.stopped, this.stopped + startedNow - 1);
        return;
      }
      await this.pause();
    }
  }

  /**
   * A server that never tells how many nodes run is taken to have none a minute after the last lab was seen to run: should
   * it have some all the same, it refuses to be deregistered itself.
   */
  private async noNodeRuns(): Promise<boolean> {
    const answer = await this.ask(async () => ({
      nodes: await this.parts.client.runningNodes(this.server),
    }));
    this.running = { ...this.running, nodes: answer?.nodes ?? null };
    if (answer?.nodes != null) this.toldOfNodes = true;
    if (!answer || this.toldOfNodes) return this.running.nodes === 0;
    const now = this.parts.clock.now();
    this.untoldSince ??= now;
    return now >= plus(this.untoldSince, UNTOLD_MS);
  }

  /** Null where the server did not answer, or cannot do it now, as long as that may pass. */
  private async ask<T>(question: () => Promise<T>): Promise<T | null> {
    const { clock } = this.parts;
    try {
      const answer = await question();
      this.silentSince = null;
      return answer;
    } catch (error) {
      if (!(error instanceof CmlError) || !PASSING.includes(error.failure)) throw error;
      const now = clock.now();
      this.silentSince ??= now;
      if (now >= plus(this.silentSince, SILENCE_MS)) throw error;
      return null;
    }
  }

  private async pause(): Promise<void> {
    const { signal } = this.options;
    // one that is aborted already would not wake
    this.mustGoOn();
    await new Promise<void>((resolve) => {
      const wake = () => {
        callOff();
        signal.removeEventListener('abort', wake);
        resolve();
      };
      const callOff = this.parts.timers.after(LOOK_EVERY_MS, wake);
      signal.addEventListener('abort', wake);
    });
    this.mustGoOn();
  }

  private mustGoOn(): void {
    this.options.signal.throwIfAborted();
    if (this.parts.clock.now() < this.end) return;
    const { labs, nodes } = this.running;
    const what = `labs: ${labs ?? 'unknown'}, nodes: ${nodes ?? 'unknown'}`;
    throw new CmlError(
      'nodes-running',
      `After ${BUDGET_MS / MINUTE} minutes something still runs (${what}). Stop it on the CML server, then ask again.`,
    );
  }
}
