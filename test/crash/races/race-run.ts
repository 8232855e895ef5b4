import { setTimeout as pause } from 'node:timers/promises';
import { ApiClient } from '../../support/api-client';
import { ADMIN_KEY, REGION, startSimulatedFleet } from '../../support/fleet-process';
import { connectTo, openTestDatabase } from '../../support/test-database';
import { type CrashReport } from '../crash-run';
import { inspect } from '../inspect';
import { Ledger } from '../ledger';
import { Random } from '../random';
import { Replicas } from '../replicas';
import { verifyCommands } from '../verify-commands';
import { FenceSampler } from './fence-sampler';
import { RacingClient } from './racing-client';
import { verifyCounts } from './verify-counts';

export interface RacePlan {
  readonly seed: number;
  /** for how long the processes stand still, one after the other, in milliseconds */
  readonly pauses: readonly number[];
}

const PROCESSES = 3;
const CLIENTS_EACH = 2;
const WORKERS = 3;
const SPEED = 30;
/** Milliseconds of load before, between and after the pauses. */
const BETWEEN = 1_000;

/** Three processes on few workers at once, of which some sleep (SIGSTOP) past all that they hold, and wake up again. */
export async function raceRun({ seed, pauses }: RacePlan): Promise<CrashReport> {
  const random = new Random(seed);
  const database = await openTestDatabase();
  const fleet = await startSimulatedFleet(SPEED);
  const replicas = new Replicas(
    PROCESSES,
    fleet.env(database.uri, { FLEET_IDLE_THRESHOLD_MINUTES: '10080' }),
  );
  const ledger = new Ledger();
  const sampler = new FenceSampler();
  try {
    await replicas.startAll();
    const workers = await createWorkers(replicas);
    await sampler.start({ replicas, ledger, mongoUri: database.uri, random: random.fork() });
    const clients = Array.from({ length: PROCESSES * CLIENTS_EACH }, (_, index) => {
      const process = index % PROCESSES;
      return new RacingClient(`client ${index}`, process, workers, replicas, ledger, random.fork());
    });
    const load = Promise.all(clients.map((client) => client.run()));
    await Promise.race([sleepInTurns(replicas, pauses, random), load]).finally(() =>
      clients.forEach((client) => client.stop()),
    );
    await load;

    const connection = await connectTo(database.uri);
    const { stored, ...inspection } = await inspect(
      replicas.anyUrl(random) ?? '',
      connection,
      fleet.simulator,
    ).finally(() => connection.close());
    const commands = verifyCommands(ledger, stored.commits, workers);
    const counts = verifyCounts(stored.commits);
    await sampler.stop();
    const fences = await sampler.verify();
    return {
      figures: {
        'pauses of a process': pauses.length,
        'commands answered': ledger.entries.length,
        'of them refused by If-Match': ledger.entries.filter(({ status }) => status === 412).length,
        'commands lost': commands.lost,
        'commands carried out twice': commands.twice,
        'counted up': counts.counted,
        'commits in the store': stored.commits.length,
        workers: inspection.workers,
        'instances launched': fleet.simulator.world.region(REGION)?.instances.length ?? 0,
        ...sampler.figures(),
      },
      faults: [
        ...inspection.faults,
        ...commands.faults,
        ...counts.faults,
        ...fences,
        ...ledger.faults,
        ...replicas.faults,
      ],
    };
  } finally {
    await sampler.stop();
    await replicas.close();
    await fleet.simulator.stop();
    await database.drop();
  }
}

async function createWorkers(replicas: Replicas): Promise<string[]> {
  const api = new ApiClient(replicas.urlOf(0) ?? '', ADMIN_KEY);
  const order = { awsRegion: REGION, instanceType: 'c5.2xlarge', amiName: 'cml-2.9*' };
  const answers = await Promise.all(
    Array.from({ length: WORKERS }, (_, index) =>
      api.post('/api/v1/workers', { ...order, name: `shared ${index}` }),
    ),
  );
  return answers.map(({ body }) => body.id as string);
}

async function sleepInTurns(replicas: Replicas, pauses: readonly number[], random: Random): Promise<void> {
  for (const [turn, length] of pauses.entries()) {
    await pause(BETWEEN + random.int(0, 500));
    const pid = replicas.pidOf(turn % PROCESSES);
    if (pid === null) throw new Error('a process that was not killed is gone');
    process.kill(pid, 'SIGSTOP');
    try {
      await pause(length);
    } finally {
      process.kill(pid, 'SIGCONT');
    }
  }
  await pause(BETWEEN);
}
