import { latest } from '../../../src/kernel/clocks';
import { type SignsOfUse } from '../../../src/reaper/domain/ports';
import { ObservedSigns } from '../../../src/reaper/application/observed-signs';
import { CmlError } from '../../../src/telemetry/domain/telemetry-errors';
import { newestEdit } from '../../../src/telemetry/domain/lab-changes';
import { type WorkerObservations } from '../../../src/telemetry';
import { commandBus, queryBus } from '../core/buses';
import { type Dice } from '../world/dice';
import { type SimTime } from '../world/sim-time';
import { type Readings } from './readings';

/** One live probe, as it really went. Fleet milliseconds. */
export interface ProbeTrace {
  readonly begunAt: number;
  /** when labs and activity were read */
  readAt: number;
  /** when it had its answer; null: it is under way */
  endedAt: number | null;
  ok: boolean;
}

/** Enough to find the one that an open refusal rests on: a turn makes two of a worker at most. */
const KEPT_PROBES = 4;

export interface ProbeTraits {
  readonly dice: Dice;
  /** how often a probe takes longer than it may */
  readonly slowShare: number;
}

/** The signs of use of a run: the reaper's own reading of them, over simulated observations. */
export class SimulatedSigns {
  readonly readings = new Map<string, Readings>();
  /** the latest of each worker, the newest last */
  readonly probes = new Map<string, readonly ProbeTrace[]>();
  readonly port: SignsOfUse;

  constructor(
    private readonly time: SimTime,
    private readonly traits: ProbeTraits,
  ) {
    this.port = new ObservedSigns(
      queryBus({
        GetObservations: {
          execute: ({ workerIds }: { workerIds: readonly string[] }) =>
            Promise.resolve(this.observed(workerIds)),
        },
      }),
      commandBus({ ProbeWorker: { execute: ({ workerId }: { workerId: string }) => this.probe(workerId) } }),
    );
  }

  private observed(workerIds: readonly string[]): Map<string, WorkerObservations> {
    const found = new Map<string, WorkerObservations>();
    for (const id of workerIds) {
      const readings = this.readings.get(id);
      if (!readings) continue;
      readings.catchUp();
      found.set(id, { observations: readings.observations, signals: readings.signals });
    }
    return found;
  }

  private async probe(workerId: string) {
    const { dice, slowShare } = this.traits;
    const readings = this.readings.get(workerId);
    if (!readings) throw new CmlError('unreachable', 'nobody knows it');
    const at = this.time.machine.now();
    const trace: ProbeTrace = { begunAt: this.time.now, readAt: this.time.now, endedAt: null, ok: false };
    this.probes.set(workerId, [...(this.probes.get(workerId) ?? []), trace].slice(-KEPT_PROBES));
    await this.time.pass(dice.chance(slowShare) ? dice.whole(3_000, 12_000) : dice.whole(20, 900));
    trace.readAt = this.time.now;
    const ok = await readings.probe();
    const { 'cml-system': system, 'cml-labs': labs, 'cml-activity': activity } = readings.observations;
    await this.time.pass(dice.whole(5, 200));
    trace.endedAt = this.time.now;
    if (!ok || !system?.values || !labs?.values || !labs.observedAt || !activity?.values) {
      throw new CmlError('timeout', 'The CML server did not answer.');
    }
    trace.ok = true;
    const newestUse = latest(activity.values.newestActivityAt, activity.values.newestFoundAt ?? null);
    return {
      ...{ workerId, at, runningLabs: labs.values.running, runningNodes: system.values.runningNodes },
      newestActivityAt: latest(newestUse, newestEdit(labs.values, labs.observedAt)),
      cpuPercent: system.values.cpuPercent,
      failure: null,
    };
  }
}
