import { Inject, Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { type Lease } from '../../event-store';
import { FleetClock, latest, plus, SECOND } from '../../kernel/clocks';
import { GetActiveWorkers, type WorkerRecord } from '../../workers';
import { type Cadence, dueTimes } from '../domain/cadence';
import { CML_SOURCES, type CmlSource, type Lane, laneOf, type SourceStates } from '../domain/cml-source';
import { type CmlServer, ObservationStore } from '../domain/ports';
import { CmlServers } from './cml-servers';
import { cadenceOf, TELEMETRY_OPTIONS, type TelemetryOptions } from './telemetry.options';

/** Fleet time after which it is asked again which servers there are. */
const LIST_EVERY_MS = 10 * SECOND;

/** A server of which something is to be read now. */
export interface DueServer {
  readonly worker: WorkerRecord;
  readonly server: CmlServer;
  readonly sources: readonly CmlSource[];
  readonly lane: Lane;
}

interface Entry {
  readonly worker: WorkerRecord;
  readonly server: CmlServer;
  /** fleet time: what was read before was of another run, or of another server */
  readonly since: Date;
  readonly states: SourceStates;
  readonly due: Readonly<Record<CmlSource, Date>>;
  /** the first of these times */
  readonly first: Date;
}

interface RegionAgenda {
  /** of the latest turn; the next one's is its successor, unless somebody else had a turn in between */
  readonly fence: number;
  /** fleet time */
  readonly listedAt: Date;
  readonly entries: Map<string, Entry>;
}

/**
 * What is to be read when, kept in memory from turn to turn while a region's turns are this process': readings that it
 * did not make itself are unknown to it, so that it may read too early, but never too late.
 */
@Injectable()
export class CmlAgenda {
  private readonly regions = new Map<string, RegionAgenda>();
  private readonly cadence: Cadence;

  constructor(
    private readonly servers: CmlServers,
    private readonly observations: ObservationStore,
    private readonly queries: QueryBus,
    private readonly clock: FleetClock,
    @Inject(TELEMETRY_OPTIONS) options: TelemetryOptions,
  ) {
    this.cadence = cadenceOf(options);
  }

  /** What is due in a region, the longest due first, for a turn under this lease. @throws StoreUnavailable */
  async due(region: string, { fence }: Lease): Promise<DueServer[]> {
    const { entries } = await this.present(region, fence);
    const now = this.clock.now();
    return [...entries.values()]
      .filter(({ first }) => first <= now)
      .sort((one, other) => one.first.getTime() - other.first.getTime())
      .map(({ worker, server, states, due }) => {
        const sources = CML_SOURCES.filter((source) => due[source] <= now);
        return { worker, server, sources, lane: laneOf(states) };
      });
  }

  /** These are the latest readings of a worker's server. */
  note(workerId: string, states: SourceStates): void {
    for (const { entries } of this.regions.values()) {
      const entry = entries.get(workerId);
      if (entry) entries.set(workerId, this.entry(entry, statesIn(states)));
    }
  }

  /** It is not known how far the latest reading of a server came: what is stored of it is looked up again. */
  forget(workerId: string): void {
    for (const { entries } of this.regions.values()) entries.delete(workerId);
  }

  private async present(region: string, fence: number): Promise<RegionAgenda> {
    const known = this.regions.get(region);
    // what fails below keeps the fence of the turn before, so that the next turn begins anew
    const kept = known && fence === known.fence + 1 ? known : null;
    const now = this.clock.now();
    // a clock that stepped back leaves a time in the future, by which nothing would be looked at again
    const isOld = !kept || now < kept.listedAt || now >= plus(kept.listedAt, LIST_EVERY_MS);
    const agenda = isOld
      ? { fence, listedAt: now, entries: await this.list(region, kept?.entries ?? new Map<string, Entry>()) }
      : { ...kept, fence };
    this.regions.set(region, agenda);
    return agenda;
  }

  private async list(region: string, known: ReadonlyMap<string, Entry>): Promise<Map<string, Entry>> {
    const workers = await this.queries.execute(new GetActiveWorkers(region));
    const reachable = workers.flatMap((worker) => {
      const server = this.servers.toRead(worker);
      return server ? [{ worker, server }] : [];
    });
    const strangers = reachable.map(({ worker }) => worker.id).filter((id) => !known.has(id));
    const found = strangers.length > 0 ? await this.observations.ofMany(strangers, CML_SOURCES) : null;
    const entries = reachable.map(({ worker, server }) => {
      const before = known.get(worker.id);
      const since = this.sinceOf(worker, server, before);
      const states = before?.states ?? statesIn(found?.get(worker.id) ?? {});
      return [worker.id, this.entry({ worker, server, since }, states)] as const;
    });
    return new Map(entries);
  }

  private entry(
    { worker, server, since }: Pick<Entry, 'worker' | 'server' | 'since'>,
    states: SourceStates,
  ): Entry {
    const { id: workerId, serviceStatus } = worker;
    const due = dueTimes(states, { workerId, since, serviceStatus, now: this.clock.now() }, this.cadence);
    const first = new Date(Math.min(...CML_SOURCES.map((source) => due[source].getTime())));
    return { worker, server, since, states, due, first };
  }

  private sinceOf(worker: WorkerRecord, server: CmlServer, before: Entry | undefined): Date {
    const running = worker.runningSince ?? worker.createdAt;
    const moved = before && !isSame(before.server, server);
    return latest(running, moved ? this.clock.now() : (before?.since ?? null)) ?? running;
  }
}

/** A first certificate that gets pinned makes it no other server. */
function isSame(one: CmlServer, other: CmlServer): boolean {
  const pin = one.pinnedCertificate === null || one.pinnedCertificate === other.pinnedCertificate;
  const account = one.credentials?.passwordRef === other.credentials?.passwordRef;
  return one.host === other.host && pin && account;
}

/** Without their values, which would take memory for nothing. */
function statesIn(observations: SourceStates): SourceStates {
  const states = CML_SOURCES.flatMap((source) => {
    const state = observations[source];
    if (!state) return [];
    const { observedAt, lastError, goodReads, failedReads } = state;
    return [[source, { observedAt, lastError, goodReads, failedReads }] as const];
  });
  return Object.fromEntries(states);
}
