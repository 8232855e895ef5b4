import { plus, SECOND } from '../../src/kernel/clocks';
import { DomainError, StoreUnavailable } from '../../src/kernel/domain-error';
import { OperationPostponed } from '../../src/operations';
import { nextAction } from '../../src/workers/domain/next-action';
import { LicenseBench, POOL, WORKER } from './license-bench';
import { type Blow, Killed, MortalProcess } from '../../src/licensing/testing/mortal-process';

type Handler = keyof ReturnType<LicenseBench['process']>['handlers'];

/** What is asked of a licence, from where it stands, until nothing is left to do. */
export interface Story {
  readonly name: string;
  readonly handler: Handler;
  /** brings the bench to where the story begins */
  readonly before: (bench: LicenseBench) => Promise<void>;
}

export interface Told {
  readonly bench: LicenseBench;
  /** `succeeded`, or the code of the failure */
  readonly end: string;
  /** the call that the blow met; null: the story has fewer calls */
  readonly met: string | null;
  readonly calls: number;
}

const ask = async (bench: LicenseBench, poolId: string | null, reregister = false) => {
  const features = [{ id: 'nodes', count: 20 }];
  const transport = { smartServer: 'https://ssm.example' };
  const given = { poolId, reregister, features, transport, productLicense: 'CML_Education' };
  const wanted = await bench.wanted(given);
  await bench.ask((license, asking) => license.request(wanted, asking));
};

const registered = async (bench: LicenseBench) => {
  await ask(bench, POOL);
  await tell(bench, 'register', null);
  bench.timers.pass(60 * SECOND);
};

export const STORIES: readonly Story[] = [
  { name: 'register by a pool', handler: 'register', before: (bench) => ask(bench, POOL) },
  { name: 'register by a token', handler: 'register', before: (bench) => ask(bench, null) },
  {
    name: 'register anew',
    handler: 'register',
    before: async (bench) => {
      await ask(bench, null);
      await tell(bench, 'register', null);
      bench.timers.pass(60 * SECOND);
      await ask(bench, null, true);
    },
  },
  {
    name: 'renew',
    handler: 'renew',
    before: async (bench) => {
      await registered(bench);
      await bench.ask((license, asking) => license.requestRenewal(asking));
    },
  },
  {
    name: 'deregister',
    handler: 'release',
    before: async (bench) => {
      await registered(bench);
      await bench.ask((license, asking) => license.requestRelease(false, asking));
    },
  },
  {
    name: 'terminate, with labs',
    handler: 'prepare',
    before: async (bench) => {
      await registered(bench);
      bench.client.agent(WORKER).nodesRun = true;
      await terminate(bench);
    },
  },
];

/** The worker is wanted terminated, and the operation that prepares it is the present one. */
export async function terminate(bench: LicenseBench): Promise<void> {
  const at = bench.clock.now();
  await bench.workers.repository.update(WORKER, bench.context(), (worker) => {
    worker.requestTerminate({ by: 'user:ann', reason: null, at });
  });
  bench.accept({ intentAt: at.toISOString() });
}

/** Lives the story through with processes that follow each other; the blow meets the first one. */
export async function live(story: Story, blow: Blow | null): Promise<Told> {
  const bench = await new LicenseBench().begin();
  await story.before(bench);
  return tell(bench, story.handler, blow);
}

export async function tell(bench: LicenseBench, handler: Handler, blow: Blow | null): Promise<Told> {
  let mortal = new MortalProcess(blow);
  let [met, calls] = [null as string | null, 0];
  const attempt = async <T>(
    work: (process: ReturnType<LicenseBench['process']>) => Promise<T>,
  ): Promise<T> => {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      try {
        return await work(bench.process(mortal));
      } catch (error) {
        met ??= mortal.met;
        if (error instanceof Killed) mortal = new MortalProcess(null);
        else if (!(error instanceof StoreUnavailable) && !(error instanceof OperationPostponed)) throw error;
        bench.timers.pass(error instanceof OperationPostponed ? error.forMs : 30 * SECOND);
      } finally {
        met ??= mortal.met;
        calls = Math.max(calls, mortal.calls);
      }
    }
    throw new Error('it never comes to an end');
  };
  const end = await attempt(({ handlers, run }) => handlers[handler].run(run)).then(
    () => 'succeeded',
    (error: unknown) => {
      if (error instanceof DomainError) return error.code;
      throw error;
    },
  );
  if (handler === 'prepare') {
    await untilTerminated(bench);
    await attempt(({ settle }) => bench.deliver(settle));
  }
  return { bench, end, met, calls };
}

const MOST_TRIES = 100;

/** What the reconciler does, and a sweep sees. */
async function untilTerminated(bench: LicenseBench): Promise<void> {
  const { workers, clock, timers, client } = bench;
  for (let minute = 0; minute < 60; minute += 1) {
    const worker = await workers.repository.getById(WORKER);
    const now = clock.now();
    if (worker && nextAction(worker.state, { now, machineNow: now }) === 'terminate') {
      client.agent(WORKER).isUp = false;
      await workers.repository.update(WORKER, bench.context(), (it) =>
        it.updateStatus('TERMINATED', plus(now, SECOND)),
      );
      return;
    }
    timers.pass(60 * SECOND);
  }
  throw new Error('it is never terminated');
}
