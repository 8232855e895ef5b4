import { DomainError } from '../../../src/kernel/domain-error';
import { HOUR, MINUTE, plus } from '../../../src/kernel/clocks';
import { seededRandom } from '../../../src/simulator/seeded-random';
import { type WorkerState } from '../../../src/workers/domain/worker-state';
import { Bench } from '../bench/bench';
import { anOrder } from '../bench/orders';
import { type Ask } from '../bench/persons-commands';
import { Ledger } from './ledger';
import { type Act, type ConsoleAct, type Plan } from './plan';
import { verdict } from './verdict';

/** A client repeats a command that got no answer, so often at most. */
const TRIES = 6;
const HEALED = 24 * HOUR;

export interface Enacted {
  readonly harms: readonly string[];
  readonly story: string;
  readonly calls: number;
}

/** What was planned happens; then everything is well for a day, and all has to be as people asked. */
export async function enact(plan: Plan): Promise<Enacted> {
  const random = seededRandom(plan.seed + 1);
  const latency = () => Math.round(random() * plan.latencyMs);
  const { regions, driftPolicy, seed } = plan;
  const bench = await Bench.start({ regions, driftPolicy, seed, latency });
  try {
    const scenario = new Scenario(bench, plan);
    await scenario.play();
    await scenario.heal();
    const harms = [...bench.story.harms, ...(await verdict(bench, scenario.ledger, driftPolicy))];
    return { harms, story: await bench.told(), calls: bench.calls.length };
  } finally {
    await bench.stop();
  }
}

class Scenario {
  readonly ledger: Ledger;
  private readonly strangers: readonly string[];
  /** ids of the plan's workers, once they are made */
  private readonly ids = new Map<number, string>();

  constructor(
    private readonly bench: Bench,
    private readonly plan: Plan,
  ) {
    this.ledger = new Ledger(() => bench.now);
    const tags = (n: number) => ({ Name: `stranger-${n}` });
    this.strangers = bench.world.populate(plan.strangers, { tags, regions: plan.regions });
  }

  async play(): Promise<void> {
    const { bench, plan } = this;
    const begun = bench.now;
    for (const { minute, act } of plan.acts) {
      const at = plus(begun, minute * MINUTE);
      await bench.live(Math.max(0, at.getTime() - bench.now.getTime()));
      await this.perform(act);
    }
    await bench.live(5 * MINUTE);
  }

  /** AWS is well, nothing dies any more; people who were refused for good ask again. */
  async heal(): Promise<void> {
    const { bench } = this;
    bench.story.tell('everything is well again');
    bench.world.faults.clear();
    bench.current.mortal.meet(null);
    bench.resume();
    const until = plus(bench.now, HEALED);
    while (bench.now < until) {
      await bench.live(bench.now < plus(until, -20 * HOUR) ? 30 * MINUTE : 4 * HOUR);
      for (const worker of await bench.workers()) await this.askAgain(worker);
    }
  }

  private async perform(act: Act): Promise<void> {
    const { bench, plan } = this;
    switch (act.do) {
      case 'create': {
        const { region, ...where } = plan.workers[act.worker] ?? failed();
        const order = anOrder(`worker-${act.worker}`, region, { ...where, tags: { team: 'blue' } });
        const made = await this.ask({ kind: 'create', order });
        if (made) this.ids.set(act.worker, made.id);
        return;
      }
      case 'import': {
        const instanceId = this.strangers[act.stranger] ?? failed();
        const region = bench.world.regionOf(instanceId).name;
        await this.ask({ kind: 'import', region, instanceId });
        return;
      }
      case 'start':
      case 'stop':
      case 'terminate':
      case 'release':
        return this.askOf(act.worker, (workerId) => ({ kind: act.do, workerId }));
      case 'retag':
        return this.askOf(act.worker, (workerId) => ({
          kind: 'patch',
          workerId,
          changes: { tags: act.tags },
        }));
      case 'retype':
        return this.askOf(act.worker, (workerId) => ({
          ...{ kind: 'patch', workerId, changes: { instanceType: act.type } },
        }));
      case 'console':
        return this.inConsole(act.worker, act.what);
      case 'fault':
        bench.story.tell(`fault: ${JSON.stringify(act.rule)}`);
        bench.world.faults.add(act.rule);
        return;
      case 'mend':
        bench.story.tell('AWS is well again');
        bench.world.faults.clear();
        return;
      case 'doom':
        bench.current.mortal.meet(act.doom);
        return bench.stir();
      case 'resume':
        return bench.resume();
    }
  }

  private async askOf(worker: number, askOf: (id: string) => Ask): Promise<void> {
    const id = this.ids.get(worker);
    if (id !== undefined) await this.ask(askOf(id));
  }

  /** Repeats it, under the same id, until there is an answer; null where it was refused, or nobody answered. */
  private async ask(ask: Ask): Promise<WorkerState | null> {
    const { bench, ledger } = this;
    const context = bench.newContext();
    for (let count = 0; count < TRIES; count += 1) {
      if (!bench.current.mortal.isAlive) bench.takeOver();
      const process = bench.current;
      try {
        const answer = await bench.ask(ask, context);
        if (answer === null && !process.mortal.isAlive) continue;
        const id = answer?.id ?? ('workerId' in ask ? ask.workerId : '');
        ledger.accepted(ask, id);
        if (answer) bench.reconcileAtOnce(id);
        return answer;
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        bench.story.tell(`refused: ${error.message}`);
        return null;
      }
    }
    bench.story.tell('nobody answered');
    return null;
  }

  private async inConsole(worker: number, what: ConsoleAct): Promise<void> {
    const { bench, ledger } = this;
    const state = await bench.worker(this.ids.get(worker) ?? '');
    const id = state?.awsInstanceId;
    if (!state || !id) return;
    const { console } = bench.world;
    const acts: Readonly<Record<ConsoleAct, () => void>> = {
      stop: () => console.stop(id),
      start: () => console.start(id),
      terminate: () => console.terminate(id),
      'change the type': () => console.changeType(id, 'm5.4xlarge'),
      'remove the tags': () => console.removeTags(id),
    };
    try {
      acts[what]();
      bench.story.tell(`in the console: ${what} ${id}`);
      ledger.changedOutside(state, what);
      bench.stir();
    } catch {
      // EC2 refuses it in the state that the instance is in: nothing happened
    }
  }

  private async askAgain(worker: WorkerState): Promise<void> {
    const { statusReason, desired, id, status, releasedAt, tags, instanceType, awsInstanceId } = worker;
    if (!statusReason || status === 'TERMINATED' || releasedAt) return;
    const late = statusReason.nextTryAt === null || statusReason.nextTryAt > plus(this.bench.now, HOUR);
    if (!late) return;
    if (status === 'UNKNOWN') {
      // as the reason says
      if (this.bench.truth.stateOf(awsInstanceId) === 'terminated')
        await this.ask({ kind: 'terminate', workerId: id });
      return;
    }
    const kind = ({ RUNNING: 'start', STOPPED: 'stop', TERMINATED: 'terminate' } as const)[desired.state];
    await this.ask({ kind, workerId: id });
    if (desired.state !== 'TERMINATED') {
      await this.ask({ kind: 'patch', workerId: id, changes: { tags, instanceType } });
    }
  }
}

function failed(): never {
  throw new Error('the plan names what it does not have');
}
