import { setTimeout as pause } from 'node:timers/promises';
import { type Connection } from 'mongoose';
import { eventually } from '../support/eventually';
import { REGION, type SimulatedFleet, startSimulatedFleet } from '../support/fleet-process';
import { type OwnMongoServer, ownMongoServer } from '../support/own-mongo-server';
import { connectTo, withDatabase } from '../support/test-database';
import { freeClaims } from './free-claims';
import { inspect } from './inspect';
import { Ledger } from './ledger';
import { LoadClient } from './load-client';
import { Random } from './random';
import { Replicas } from './replicas';
import { verifyAudit } from './verify-audit';
import { verifyCommands, verifyOrder } from './verify-commands';
import { type Watcher } from './watcher';

export type Kill = 'app' | 'database' | 'both';

export interface CrashPlan {
  readonly seed: number;
  readonly processes: number;
  readonly clients: number;
  readonly kills: Readonly<Record<Kill, number>>;
  readonly watchers: readonly Watcher[];
}

/** Figures of a run, and everything that is wrong, one sentence each. */
export interface CrashReport {
  readonly figures: Readonly<Record<string, number>>;
  readonly faults: readonly string[];
}

/** Fleet seconds in a second: an instance boots in two. */
const SPEED = 30;
const PROGRESS_MS = 120_000;

/** Commands under kill -9: the load goes on through all of it, and at the end everything is held against the store. */
export async function crashRun(plan: CrashPlan): Promise<CrashReport> {
  const server = await ownMongoServer();
  const fleet = await startSimulatedFleet(SPEED);
  const mongoUri = withDatabase(server.uri, 'crash');
  const replicas = new Replicas(
    plan.processes,
    fleet.env(mongoUri, {
      FLEET_IDLE_THRESHOLD_MINUTES: '10080',
      FLEET_WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8',
    }),
  );
  try {
    await replicas.startAll();
    return await new CrashRun(plan, server, fleet, replicas, mongoUri).run();
  } finally {
    for (const watcher of plan.watchers) await watcher.stop();
    await replicas.close();
    await fleet.simulator.stop();
    await server.stop();
  }
}

class CrashRun {
  private readonly random: Random;
  private readonly ledger = new Ledger();
  private readonly faults: string[] = [];
  private restarts: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly plan: CrashPlan,
    private readonly server: OwnMongoServer,
    private readonly fleet: SimulatedFleet,
    private readonly replicas: Replicas,
    private readonly mongoUri: string,
  ) {
    this.random = new Random(plan.seed);
  }

  async run(): Promise<CrashReport> {
    const { replicas, ledger, mongoUri } = this;
    const { watchers, clients: count } = this.plan;
    for (const watcher of watchers) {
      await watcher.start({ replicas, ledger, mongoUri, random: this.random.fork() });
    }
    const clients = Array.from(
      { length: count },
      (_, index) => new LoadClient(`client ${index}`, replicas, ledger, this.random.fork()),
    );
    const load = Promise.all(clients.map((client) => client.run()));
    await Promise.race([this.killAll(), load]).finally(() => clients.forEach((client) => client.stop()));
    await load;

    const connection = await connectTo(mongoUri);
    try {
      const figures = await this.verify(connection);
      for (const watcher of watchers) this.faults.push(...(await watcher.verify()));
      this.faults.push(...(await verifyAudit(this.fleet.env(mongoUri))));
      for (const watcher of watchers) Object.assign(figures, watcher.figures());
      return { figures, faults: [...this.faults, ...ledger.faults, ...replicas.faults] };
    } finally {
      await connection.close();
    }
  }

  private async killAll(): Promise<void> {
    const kills = this.random.shuffled(
      (['app', 'database', 'both'] as const).flatMap((kind) => Array<Kill>(this.plan.kills[kind]).fill(kind)),
    );
    for (const kind of kills) {
      await this.someProgress();
      await pause(this.random.int(0, 500));
      await this.kill(kind);
      for (const watcher of this.plan.watchers) await watcher.afterEachKill();
    }
    await this.restarts;
    await this.someProgress();
  }

  private async kill(kind: Kill): Promise<void> {
    if (kind === 'app') {
      const victim = this.random.pick(this.replicas.running);
      await this.replicas.kill(victim);
      await this.freeClaims();
      // comes back while the others serve, and perhaps die
      this.restarts = Promise.all([this.restarts, this.replicas.start(victim)]);
      return;
    }
    // a process that starts without a database gives up
    await this.restarts;
    await Promise.all([this.server.kill(), ...(kind === 'both' ? [this.replicas.killAll()] : [])]);
    await pause(this.random.int(0, 300));
    await this.server.restart();
    await this.freeClaims();
    await this.replicas.startAll();
  }

  private async freeClaims(): Promise<void> {
    const connection = await connectTo(this.mongoUri);
    try {
      await eventually(() => freeClaims(connection, this.replicas.dead), 60_000);
    } finally {
      await connection.close();
    }
  }

  /** Each kill finds clients in the middle of something. */
  private async someProgress(): Promise<void> {
    const goal = this.ledger.entries.length + this.plan.clients * 2;
    await eventually(() => {
      if (this.ledger.entries.length < goal) throw new Error('the clients do not get on');
    }, PROGRESS_MS);
  }

  private async verify(connection: Connection): Promise<Record<string, number>> {
    const url = this.replicas.anyUrl(this.random) ?? '';
    const { stored, workers, faults } = await inspect(url, connection, this.fleet.simulator);
    const commands = verifyCommands(this.ledger, stored.commits);
    this.faults.push(...faults, ...commands.faults, ...verifyOrder(this.ledger, stored.commits));
    return {
      'kills of the application': this.plan.kills.app,
      'kills of the database': this.plan.kills.database,
      'kills of both': this.plan.kills.both,
      'commands answered': this.ledger.entries.length,
      'of them sent more than once': this.ledger.repeated,
      'commands lost': commands.lost,
      'commands carried out twice': commands.twice,
      'commits in the store': stored.commits.length,
      'positions in the log': stored.log.length,
      workers,
      'instances launched': this.fleet.simulator.world.region(REGION)?.instances.length ?? 0,
    };
  }
}
