import { type Connection } from 'mongoose';
import { eventually } from '../../support/eventually';
import { type SimulatedFleet, startSimulatedFleet } from '../../support/fleet-process';
import { connectTo, openTestDatabase } from '../../support/test-database';
import { type CrashReport } from '../crash-run';
import { Random } from '../random';
import { Replicas } from '../replicas';
import { NoticeReceiver } from './notice-receiver';
import { People } from './people';
import { type Pace, reaperSettings } from './reaper-settings';
import { SimulatorBooks } from './simulator-books';
import { StoreWatch } from './store-watch';
import { type Strike, Strikes } from './strikes';
import { verifyReaper } from './verify-reaper';

export interface ReaperPlan {
  readonly seed: number;
  readonly pace: Pace;
  /** one after the other, in an order that the seed decides */
  readonly strikes: readonly Strike[];
}

const PROCESSES = 3;
/** A fence that nobody lifts counts for two minutes. */
const CALM_MS = 180_000;

/** Automatic stops by several processes, of which the one that stops is killed, or sleeps past its lease, in the middle. */
export async function reaperRun(plan: ReaperPlan): Promise<CrashReport> {
  const random = new Random(plan.seed);
  const database = await openTestDatabase();
  const fleet = await startSimulatedFleet(plan.pace.speed);
  const receiver = await NoticeReceiver.start(random.fork());
  const connection = await connectTo(database.uri);
  const doors = new Map<string, number>();
  const replicas = new Replicas(PROCESSES, async (index) => {
    const door = `${index}#${doors.size}`;
    doors.set(door, index);
    const settings = reaperSettings(plan.pace, await fleet.simulator.openDoor(door), receiver.url);
    return fleet.env(database.uri, settings);
  });
  try {
    return await new ReaperRun(plan, random, fleet, receiver, replicas, doors, connection).run();
  } finally {
    await replicas.close();
    await receiver.close();
    await connection.close();
    await fleet.simulator.stop();
    await database.drop();
  }
}

class ReaperRun {
  private readonly books: SimulatorBooks;
  private readonly watch: StoreWatch;
  private readonly strikes: Strikes;
  private readonly people: People;

  constructor(
    private readonly plan: ReaperPlan,
    private readonly random: Random,
    private readonly fleet: SimulatedFleet,
    private readonly receiver: NoticeReceiver,
    private readonly replicas: Replicas,
    doors: ReadonlyMap<string, number>,
    private readonly connection: Connection,
  ) {
    this.books = new SimulatorBooks(fleet.simulator);
    this.watch = new StoreWatch(connection);
    const indexOf = (door: string) => doors.get(door) ?? -1;
    const workerOf = (instanceId: string) => this.workerOf(instanceId);
    this.strikes = new Strikes(replicas, this.watch, indexOf, workerOf, random.fork());
    this.people = new People(fleet.simulator, () => this.strikes.awakeUrl(), random.fork());
  }

  async run(): Promise<CrashReport> {
    const { people, watch, strikes, books, receiver, replicas } = this;
    const errors: unknown[] = [];
    await replicas.startAll();
    await people.order();
    watch.start(['reaper-fleet', ...people.workers.map(({ id }) => `worker-${id}`)]);
    strikes.listen(books);
    const heard: Promise<void>[] = [];
    receiver.onTaken = (notice) => void heard.push(people.hear(notice));
    people.live();
    try {
      for (const strike of this.random.shuffled(this.plan.strikes)) await strikes.carryOut(strike);
      await this.goesOn();
    } finally {
      await people.leave();
      await Promise.all(heard);
      await this.calm().catch((error: unknown) => errors.push(error));
      await watch.stop();
    }
    await replicas.killAll();
    const { faults, figures } = await verifyReaper({
      ...{ books, receiver, strikes, watch, people, connection: this.connection },
      thresholdMinutes: this.plan.pace.thresholdMinutes,
      machineMs: (at) => this.fleet.machineMs(at),
      workerOf: (instanceId) => this.workerOf(instanceId),
    });
    return { figures, faults: [...faults, ...strikes.faults, ...replicas.faults, ...errors.map(String)] };
  }

  /** After the last blow another worker is stopped: the reaper is as it was. */
  private async goesOn(): Promise<void> {
    const { stopCalls } = this.books;
    const before = stopCalls.length;
    await eventually(() => {
      if (stopCalls.length === before) throw new Error('nothing is stopped any more');
    }, CALM_MS);
  }

  /** Nobody starts anything any more: what is idle is stopped, and no fence stays. */
  private async calm(): Promise<void> {
    const workers = this.connection.collection<{ _id: string; fence?: object | null; status: string }>(
      'workers',
    );
    await eventually(async () => {
      const fenced = await workers.find({ fence: { $ne: null } }).toArray();
      if (fenced.length > 0) throw new Error(`still fenced: ${fenced.map(({ _id }) => _id).join(', ')}`);
    }, CALM_MS);
  }

  private workerOf(instanceId: string): string | undefined {
    const { world } = this.fleet.simulator;
    const name = world.nameOf(world.instance(instanceId));
    return this.people.workers.find((worker) => worker.name === name)?.id;
  }
}
