import { type Installation } from '../../event-store';
import { MemoryReservations } from '../../event-store/memory/memory-reservations';
import { aTurn } from '../../event-store/testing/leased-ticks';
import { memoryAggregates } from '../../event-store/testing/memory-aggregates';
import { type DomainEvent } from '../../kernel/domain-event';
import { RecordingCommands, WorkersQueries } from '../../telemetry/testing/recording-buses';
import { AdoptOrphanHandler } from '../application/adopt-orphan.command';
import { InstancesBeingEnded } from '../application/instances-being-ended';
import { LivingWorkers } from '../application/living-workers';
import { OrphanSweep } from '../application/orphan-sweep';
import { SecondLook } from '../application/second-look';
import { TerminateOrphanHandler } from '../application/terminate-orphan.command';
import { orphanId, type OrphanKind } from '../domain/orphan';
import { ORPHAN_EVENTS } from '../domain/orphan-events';
import { EventSourcedOrphanCases } from '../persistence/event-sourced.orphan-cases';
import { MemorySightings } from '../persistence/memory-sightings';
import { ORPHAN_DEFINITION } from '../persistence/orphan-definition';
import { FakeLeftovers } from './fake-leftovers';
import { NOW, OURS, REGION } from './orphans.builder';

/** The module but for its API, in memory; AWS and the workers module are what the test says. */
export function orphansBench() {
  const { clock, stores } = memoryAggregates(ORPHAN_EVENTS, NOW);
  const events: DomainEvent[] = [];
  const aggregates = stores.open(ORPHAN_DEFINITION, (_commit, stored) => void events.push(...stored));
  const cases = new EventSourcedOrphanCases(aggregates);
  const source = new FakeLeftovers();
  const sightings = new MemorySightings();
  const queries = new WorkersQueries();
  const commands = new RecordingCommands();
  const workers = new LivingWorkers(queries.bus);
  const installation = { id: () => Promise.resolve(OURS) } as Installation;
  const look = new SecondLook(source, sightings, workers, installation, clock);
  const reservations = new MemoryReservations(clock);
  const beingEnded = new InstancesBeingEnded(reservations, clock);
  const newSweep = () => new OrphanSweep(source, sightings, workers, installation, clock);
  const sweep = newSweep();
  const listed = async () => {
    const rows = await sightings.page({ kinds: null, awsRegions: null, after: null, limit: 100 });
    return rows.map(({ resourceId }) => resourceId).sort();
  };
  return {
    ...{
      clock,
      source,
      sightings,
      queries,
      commands,
      events,
      cases,
      sweep,
      listed,
      reservations,
      beingEnded,
    },
    adopt: new AdoptOrphanHandler(look, sightings, cases, commands.bus, clock),
    terminate: new TerminateOrphanHandler(look, source, sightings, cases, beingEnded, commands.bus, clock),
    /** One complete look at the region, ten minutes after the one before. */
    look: async (held: () => boolean = () => true) => {
      clock.advance(600_000);
      await sweep.sweep(REGION, aTurn(clock, held));
    },
    idOf: (kind: OrphanKind, resourceId: string) => orphanId({ kind, awsRegion: REGION, resourceId }),
  };
}
