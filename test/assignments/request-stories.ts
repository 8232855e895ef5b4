import { ANN } from '../../src/assignments/testing/assignment.builder';
import { AssignmentsBench } from '../../src/assignments/testing/assignments-bench';
import { CancelRequest } from '../../src/assignments/application/cancel-request.command';
import { RequestWorker } from '../../src/assignments/application/request-worker.command';
import { type Blow } from '../../src/licensing/testing/mortal-process';
import { MINUTE } from '../../src/kernel/clocks';
import { systemContext } from '../../src/kernel/command-context';
import { aWorker, type WorkerBuilder } from '../../src/workers/testing/worker.builder';

export const BOB = 'user:bob';

type Process = Awaited<ReturnType<AssignmentsBench['process']>>;

/** What is so when a process is struck; what it does then; and how it must end, whoever carries on. */
export interface Story {
  readonly name: string;
  readonly prepare: (bench: AssignmentsBench) => Promise<string>;
  readonly act?: (process: Process, bench: AssignmentsBench, id: string) => Promise<unknown>;
  /** what people do before others carry on */
  readonly then?: (bench: AssignmentsBench, id: string) => Promise<unknown>;
  /** state of ann's request; the worker that she holds at the end; the one that bob can get then */
  readonly whole: { readonly state: string; readonly holds: string | null; readonly left: string | null };
}

const inPool = (id: string): WorkerBuilder => aWorker({ name: `lab ${id}`, tags: { pool: 'yes' } }, id);

export async function ask(bench: AssignmentsBench, actor = ANN): Promise<string> {
  const { ask: handler } = await bench.process();
  const order = { tags: [], hours: 4, labId: null };
  return (await handler.execute(new RequestWorker(order, bench.context(actor, `ask ${actor}`)))).id;
}

async function turn(bench: AssignmentsBench): Promise<void> {
  await (await bench.process()).serve();
  await bench.follow();
}

const stopped = async (bench: AssignmentsBench) => {
  await bench.given(inPool('w-1').stopped());
  return ask(bench);
};
const ready = async (bench: AssignmentsBench) => {
  await bench.given(inPool('w-1').serving());
  const id = await ask(bench);
  await turn(bench);
  return id;
};

export const STORIES: readonly Story[] = [
  {
    name: 'a worker that can be used',
    prepare: async (bench) => {
      await bench.given(inPool('w-1').serving());
      return ask(bench);
    },
    whole: { state: 'ready', holds: 'w-1', left: null },
  },
  {
    name: 'a worker that must be started',
    prepare: stopped,
    whole: { state: 'ready', holds: 'w-1', left: null },
  },
  {
    name: 'a worker that has started',
    prepare: async (bench) => {
      const id = await stopped(bench);
      await turn(bench);
      for (let minute = 0; minute < 3; minute += 1) await bench.pass(1);
      return id;
    },
    whole: { state: 'ready', holds: 'w-1', left: null },
  },
  {
    name: 'a worker that was terminated while it started, and another',
    prepare: async (bench) => {
      const id = await stopped(bench);
      await turn(bench);
      await bench.given(inPool('w-2').stopped());
      await bench.workers.repository.update('w-1', systemContext('test', 'end'), (worker) => {
        worker.updateStatus('TERMINATED', bench.clock.now());
      });
      return id;
    },
    whole: { state: 'ready', holds: 'w-2', left: null },
  },
  {
    name: 'a quota that was lowered since',
    prepare: async (bench) => {
      await bench.given(inPool('w-1').serving());
      const id = await ask(bench);
      const { users } = await bench.process();
      await users.change(ANN, systemContext('test', 'quota'), (user) => {
        user.setQuota(ANN, 0, bench.clock.now());
      });
      return id;
    },
    whole: { state: 'failed', holds: null, left: 'w-1' },
  },
  {
    name: 'the end of its time to wait',
    prepare: async (bench) => {
      const id = await stopped(bench);
      await turn(bench);
      bench.clock.advance(60 * MINUTE);
      return id;
    },
    whole: { state: 'failed', holds: null, left: 'w-1' },
  },
  {
    name: 'a cancellation while it starts',
    prepare: async (bench) => {
      const id = await stopped(bench);
      await turn(bench);
      return id;
    },
    act: cancel,
    whole: { state: 'cancelled', holds: null, left: 'w-1' },
  },
  {
    name: 'a cancellation of what was granted',
    prepare: ready,
    act: cancel,
    whole: { state: 'cancelled', holds: null, left: 'w-1' },
  },
  {
    name: 'a cancellation that comes when it is being granted',
    prepare: async (bench) => {
      await bench.given(inPool('w-1').serving());
      return ask(bench);
    },
    then: async (bench, id) => cancel(await bench.process(), bench, id),
    whole: { state: 'cancelled', holds: null, left: 'w-1' },
  },
  {
    name: 'the end of its worker',
    prepare: async (bench) => {
      const id = await ready(bench);
      await bench.workers.repository.update('w-1', systemContext('test', 'end'), (worker) => {
        worker.updateStatus('TERMINATED', bench.clock.now());
      });
      return id;
    },
    whole: { state: 'expired', holds: null, left: null },
  },
];

async function cancel({ cancel: handler }: Process, bench: AssignmentsBench, id: string): Promise<unknown> {
  const viewer = { actor: ANN, operates: [] };
  return handler.execute(new CancelRequest(id, viewer, bench.context(ANN, 'cancel')));
}

export interface Told {
  readonly bench: AssignmentsBench;
  readonly id: string;
  readonly calls: number;
  readonly met: string | null;
}

/** Turns after the one that is struck, each by a process of its own. */
const TURNS_AFTER = 8;

/** Lives a story whose one act is struck, and lets other processes carry on. */
export async function live({ prepare, act, then, whole }: Story, blow: Blow | null): Promise<Told> {
  const bench = new AssignmentsBench();
  const id = await prepare(bench);
  const process = await bench.process(blow);
  // what a struck act throws is what it is about
  await Promise.allSettled([act ? act(process, bench, id) : process.serve()]);
  const { calls, met } = process.mortal;
  // whoever hears nothing says it again: the same command
  if (act) await act(await bench.process(), bench, id);
  if (then) await then(bench, id);
  for (let count = 0; count < TURNS_AFTER; count += 1) {
    await bench.follow();
    await bench.pass(1);
    await turn(bench);
  }
  if (whole.left !== null) {
    await ask(bench, BOB);
    for (let count = 0; count < 3; count += 1) await turn(bench);
  }
  return { bench, id, calls, met };
}
