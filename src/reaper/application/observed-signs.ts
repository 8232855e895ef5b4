import { Injectable } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { latest } from '../../kernel/clocks';
import {
  type ActivityValues,
  GetObservations,
  ProbeWorker,
  SIGNAL_SOURCE,
  type WorkerObservations,
} from '../../telemetry';
import { type ObservedUse } from '../domain/signals/idle-input';
import { OBSERVED_SIGNALS, type ObservedSignal, type SignalState } from '../domain/signals/idle-signals';
import { type LiveProbe } from '../domain/live-probe';
import { SignsOfUse } from '../domain/ports';

/** The signs of use as the telemetry module observed them. */
@Injectable()
export class ObservedSigns extends SignsOfUse {
  constructor(
    private readonly queries: QueryBus,
    private readonly commands: CommandBus,
  ) {
    super();
  }

  async of(workerIds: readonly string[]): Promise<ReadonlyMap<string, ObservedUse>> {
    const observed = await this.queries.execute(new GetObservations(workerIds));
    return new Map([...observed].map(([workerId, observations]) => [workerId, useOf(observations)]));
  }

  probe(workerId: string): Promise<LiveProbe> {
    return this.commands.execute(new ProbeWorker(workerId));
  }
}

function useOf({ observations, signals }: WorkerObservations): ObservedUse {
  const states: { [S in ObservedSignal]?: SignalState } = {};
  for (const name of OBSERVED_SIGNALS) {
    const interval = signals.get(name);
    if (!interval) continue;
    const { value, from, to, readings } = interval;
    const source = SIGNAL_SOURCE[name];
    states[name] = {
      value,
      from,
      to,
      readings,
      source,
      observedAt: observations[source]?.observedAt ?? null,
    };
  }
  const activity = observations['cml-activity']?.values ?? null;
  const labs = observations['cml-labs'];
  return {
    signals: states,
    everSeenActivity: activity?.everSeen ?? false,
    newestActivityAt: activity && newestActIn(activity),
    lastLabs: labs?.values && labs.observedAt ? { running: labs.values.running, at: labs.observedAt } : null,
  };
}

/**
 * Never earlier than it was, as far as readings tell: what the first one found may be old by the server's clock, and have
 * happened a moment before. People are shown the server's own time of it, as it may as well be right.
 */
function newestActIn({ newestActivityAt, newestFoundAt, firstReadAt }: ActivityValues): Date | null {
  return newestActivityAt && latest(newestActivityAt, newestFoundAt ?? firstReadAt ?? null);
}
