import { Injectable } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { latest } from '../../kernel/clocks';
import { GetObservations, ProbeWorker, SIGNAL_SOURCE, type WorkerObservations } from '../../telemetry';
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
    newestActivityAt: latest(activity?.newestActivityAt ?? null, activity?.newestFoundAt ?? null),
    lastLabs: labs?.values && labs.observedAt ? { running: labs.values.running, at: labs.observedAt } : null,
  };
}
