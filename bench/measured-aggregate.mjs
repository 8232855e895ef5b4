// The aggregate of the benches: it sums up measurements, each an event of some 300 bytes.
import { randomUUID } from 'node:crypto';
import { built } from './built.mjs';

const { AggregateRoot } = built('kernel/aggregate-root');
const { eventOf } = built('kernel/domain-event');

export class Measured extends eventOf('bench.measured') {}

export const measurement = (id) =>
  new Measured(id, { cpu: 1.5, labs: 0, at: new Date(), text: 'x'.repeat(200) });

export const someContext = () => ({
  actor: 'user:bench',
  reason: null,
  correlationId: 'c',
  causationId: null,
  commandId: randomUUID(),
});

class Measurements extends AggregateRoot {
  static restore(id, events, from) {
    const { state, version } = from ?? { state: { count: 0, cpu: 0, last: null }, version: 0 };
    return new Measurements(id, events.reduce(evolve, state), version + events.length);
  }

  measure() {
    this.record(measurement(this.id));
  }

  evolve(state, event) {
    return evolve(state, event);
  }
}

function evolve({ count, cpu }, { data }) {
  return { count: count + 1, cpu: cpu + data.cpu, last: data.at };
}

export const MEASUREMENTS = {
  streamPrefix: 'bench',
  snapshotSchema: 1,
  restore: (id, events, from) => Measurements.restore(id, events, from),
  revive: (stored) => stored,
  missing: (id) => new Error(`no measurements ${id}`),
};
