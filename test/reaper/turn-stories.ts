import { MINUTE, plus } from '../../src/kernel/clocks';
import { systemContext } from '../../src/kernel/command-context';
import { type Blow } from '../../src/licensing/testing/mortal-process';
import { aSignal, minutesAgo, NOW } from '../../src/reaper/testing/idle-input.builder';
import { IDLE_USE, QUIET_PROBE } from '../../src/reaper/testing/reaper-bench';
import { type WorkerEvent } from '../../src/workers/domain/worker-events';
import { aWorker, type WorkerBuilder } from '../../src/workers/testing/worker.builder';
import { DurableFleet, STEP_MINUTES } from './durable-fleet';

export const WORKER = '00000000-0000-4000-8000-0000000000aa';
/** Running for long, and last used 80 minutes ago. */
export const aRunning = (id = WORKER): WorkerBuilder => {
  const builder = aWorker({ name: `lab ${id}` }, id)
    .launched(`i-${id}`)
    .serving(minutesAgo(600));
  return builder.idleSince(minutesAgo(80));
};

const IN_USE = {
  ...IDLE_USE,
  signals: { ...IDLE_USE.signals, labs: aSignal('labs', { value: 'active', from: minutesAgo(2) }) },
};

/** What the worker is like when a turn is struck; the turns before go well. */
export interface Story {
  readonly name: string;
  readonly prepare: (fleet: DurableFleet) => Promise<void>;
  /** it ends with a stop, be it long after the blow */
  readonly stops?: true;
}

/** Idle, announced, told, and due. */
const dueNow = async (fleet: DurableFleet) => {
  await fleet.given(aRunning());
  await fleet.process().turn();
  await fleet.pass();
};

export const STORIES: readonly Story[] = [
  { name: 'an announcement', prepare: (fleet) => fleet.given(aRunning()), stops: true },
  { name: 'a stop', prepare: dueNow, stops: true },
  {
    name: 'a call-off',
    prepare: async (fleet) => {
      await dueNow(fleet);
      fleet.signs.use.set(WORKER, IN_USE);
      fleet.signs.readAgain(plus(fleet.clock.now(), -MINUTE / 2));
    },
  },
  {
    name: 'a stop that the probe refuses',
    prepare: async (fleet) => {
      await dueNow(fleet);
      fleet.signs.answer = () => ({ ...QUIET_PROBE, at: fleet.clock.now(), runningNodes: 2 });
    },
  },
  {
    name: 'a stop that is paused',
    prepare: async (fleet) => {
      await dueNow(fleet);
      const quiet = fleet.signs.answer;
      fleet.signs.answer = (id) => {
        const at = fleet.clock.now();
        const pausing = fleet.control.open().change(systemContext('test', 'pause'), (control) => {
          control.pause('user:ann', 'exam', null, at);
        });
        void pausing;
        return quiet(id);
      };
    },
  },
  {
    name: 'an alarm',
    prepare: async (fleet) => {
      await fleet.given(aRunning(), null);
      await fleet.process().turn();
      await fleet.pass();
    },
  },
];

export interface Told {
  readonly fleet: DurableFleet;
  /** calls of the turn that was struck */
  readonly calls: number;
  readonly met: string | null;
  /** what was wrong with the stops that arrived, one sentence each */
  readonly faults: readonly string[];
}

/** Turns after the one that is struck, each by a process of its own. */
const TURNS_AFTER = 5;
const TURNS_UNTIL_STOPPED = 40;

/** Lives a story whose one turn is struck, and lets other processes take the turns after it. */
export async function live({ prepare, stops }: Story, blow: Blow | null): Promise<Told> {
  const fleet = new DurableFleet();
  await prepare(fleet);
  const faults = watchStops(fleet);
  const { mortal, turn } = fleet.process(blow);
  // what a struck turn throws is what it is about
  await Promise.allSettled([turn()]);
  const turns = stops ? TURNS_UNTIL_STOPPED : TURNS_AFTER;
  for (let count = 0; count < turns; count += 1) {
    await fleet.pass();
    const process = fleet.process();
    await process.reconcile(WORKER);
    await process.turn();
    if (count > 0 && (await isAtRest(fleet))) break;
  }
  return { fleet, calls: mortal.calls, met: mortal.met, faults };
}

/** Of each stop that arrives without a probe within ten seconds before, or one that was not behind its fence, a sentence. */
function watchStops(fleet: DurableFleet): readonly string[] {
  const faults: string[] = [];
  const quiet = fleet.signs.answer;
  const latest = <T extends WorkerEvent['type']>(type: T) =>
    fleet.workers.events.filter((event): event is WorkerEvent & { type: T } => event.type === type).at(-1);
  let probe: { at: Date; fencedBy: string | null } | null = null;
  fleet.signs.answer = (id) => {
    const said = quiet(id);
    probe = { at: said.at, fencedBy: latest('worker.fence-updated')?.data.fence?.decisionId ?? null };
    return said;
  };
  fleet.ec2.onStop = () => {
    const wanted = latest('worker.desired-state-updated')?.data.desired;
    const age = fleet.clock.now().getTime() - (probe?.at.getTime() ?? 0);
    if (!probe || age >= 10_000) faults.push('a stop without a fresh probe');
    if (!wanted?.decisionId || probe?.fencedBy !== wanted.decisionId) {
      faults.push('a stop whose probe was not behind its fence');
    }
  };
  return faults;
}

async function isAtRest(fleet: DurableFleet): Promise<boolean> {
  const { status } = await fleet.worker(WORKER);
  return status === 'STOPPED' && fleet.clock.now() > plus(NOW, 4 * STEP_MINUTES * MINUTE);
}
