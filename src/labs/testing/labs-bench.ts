import { memoryAggregates } from '../../event-store/testing/memory-aggregates';
import { type CommandContext } from '../../kernel/command-context';
import { type DomainEvent } from '../../kernel/domain-event';
import { CmlServers } from '../../telemetry';
import { WorkersQueries } from '../../telemetry/testing/recording-buses';
import { OPTIONS } from '../../telemetry/testing/telemetry-bench';
import { type WorkerRecord } from '../../workers';
import { aWorker } from '../../workers/testing/worker.builder';
import { LabServers } from '../application/lab-servers';
import { LAB_EVENTS } from '../domain/lab-events';
import { EventSourcedLabActs } from '../persistence/event-sourced.lab-acts';
import { LAB_ACTS_DEFINITION } from '../persistence/lab-acts-definition';
import { MemoryLabHistory } from '../persistence/memory-lab-history';
import { MemoryTopologies } from '../persistence/memory-topologies';
import { FakeLabs } from './fake-labs';

export const NOW = new Date('2027-01-15T12:00:00.000Z');

export const PERSON: CommandContext = {
  ...{ actor: 'user:ann', reason: 'a course', correlationId: 'c-1', causationId: null },
  commandId: 'command-1',
};

/** A running worker with an address, wanted RUNNING. */
export function aRunningWorker(given: Partial<WorkerRecord> = {}): WorkerRecord {
  return { ...aWorker().running().state, publicIp: '203.0.113.10', ...given };
}

/** What the parts of the module need, in memory; the CML server is what the test says. */
export function labsBench() {
  const { clock, stores: aggregates } = memoryAggregates(LAB_EVENTS, NOW);
  const events: DomainEvent[] = [];
  const acts = new EventSourcedLabActs(
    aggregates.open(LAB_ACTS_DEFINITION, (_commit, stored) => void events.push(...stored)),
  );
  const queries = new WorkersQueries();
  const worker = aRunningWorker();
  queries.workers = [worker];
  const client = new FakeLabs();
  const servers = new LabServers(new CmlServers(OPTIONS), queries.bus);
  const history = new MemoryLabHistory();
  const topologies = new MemoryTopologies();
  return { clock, events, acts, queries, worker, client, servers, history, topologies };
}
