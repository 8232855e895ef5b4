import { Inject, Injectable } from '@nestjs/common';
import { FleetClock } from '../../kernel/clocks';
import { SignalHistory } from '../domain/ports';
import {
  continued,
  type ReadingLimits,
  type Signal,
  SIGNAL_SOURCE,
  type SignalInterval,
  type SignalReading,
} from '../domain/signal';
import { maximalAgeMs, TELEMETRY_OPTIONS, type TelemetryOptions, usualGapMs } from './telemetry.options';

/** Brings readings of signals to their history. */
@Injectable()
export class SignalRecorder {
  constructor(
    private readonly history: SignalHistory,
    @Inject(TELEMETRY_OPTIONS) private readonly options: TelemetryOptions,
    private readonly clock: FleetClock,
  ) {}

  /**
   * Answers the workers of which one of the signals turned: to another value than its latest, or from nothing to a known
   * one. One reading of each worker's signal at most.
   */
  async record(readings: readonly SignalReading[]): Promise<ReadonlySet<string>> {
    if (readings.length === 0) return new Set();
    const workerIds = [...new Set(readings.map(({ workerId }) => workerId))];
    const signals = [...new Set(readings.map(({ signal }) => signal))];
    const current = await this.history.current(workerIds, signals);
    const now = this.clock.now();
    const changes = readings.map((reading) => {
      const before = current.get(reading.workerId)?.get(reading.signal);
      return { before, after: continued(before, reading, this.limitsOf(reading.signal), now) };
    });
    const changed = changes.filter(({ before, after }) => after !== before);
    const again = changed.flatMap(({ before, after }) =>
      before && before.from === after.from ? [{ before, after }] : [],
    );
    const begun = changed.filter(({ before, after }) => before?.from !== after.from);
    await this.history.prolong(again);
    await this.history.save(begun.map(({ after }) => after));
    const turns = changes.filter(({ before, after }) => turned(before, after));
    return new Set(turns.map(({ after }) => after.workerId));
  }

  private limitsOf(signal: Signal): ReadingLimits {
    const source = SIGNAL_SOURCE[signal];
    return {
      longestGapMs: maximalAgeMs(this.options, source),
      usualGapMs: usualGapMs(this.options, source),
    };
  }
}

function turned(before: SignalInterval | undefined, after: SignalInterval): boolean {
  return after.value !== (before?.value ?? 'unknown');
}
