import { lastActivityIn, type LastActivity } from '../../../src/telemetry/domain/last-activity';
import {
  failed,
  type Observation,
  type Observations,
  observed,
  type ValuesOf,
} from '../../../src/telemetry/domain/observation';
import {
  continued,
  type Signal,
  SIGNAL_SOURCE,
  type SignalInterval,
} from '../../../src/telemetry/domain/signal';
import { signalsOf } from '../../../src/telemetry/domain/signals-of';
import { CmlError } from '../../../src/telemetry/domain/telemetry-errors';
import {
  CLEAR,
  CPU_IDLE_BELOW_PERCENT,
  type Distortion,
  activitySeen,
  ec2Seen,
  labsSeen,
  noteLoadSeen,
  SETTLES_AFTER_MS,
  systemSeen,
} from './observer';
import { type Server, type ServerPart } from './server';
import { type ReadSource, Track } from './track';

export interface ReadingTimes {
  readonly observeMs: number;
  readonly activityMs: number;
  readonly phaseMs: number;
  /** nobody looks at the nodes that run */
  readonly blindToNodes: boolean;
}

/** What a reading brought about that others must hear of. */
export interface Heard {
  readonly readings: readonly Observation[];
  readonly lastActivity: LastActivity | null;
  readonly signalTurned: boolean;
  /** a signal has another value, or is confirmed: a decision may be another one now */
  readonly matters: boolean;
}

interface Surroundings {
  readonly now: number;
  at(time: number, run: () => void | Promise<void>): void;
}

/** When each reading is made by itself and none is made up for: the slow way, to compare with. */
export interface ReadingMode {
  readonly eager: boolean;
}

const MISSED = 3;

/**
 * The readings of one worker as the telemetry makes them of what is really so, by its own rules for values, signals and
 * last activity. A source may fail, or tell something else than what is so.
 */
export class Readings {
  observations: Observations = {};
  readonly signals = new Map<Signal, SignalInterval>();
  private readonly failing = new Set<ReadSource>();
  private distortion: Distortion = CLEAR;
  /** nobody reads: the application is down */
  isDown = false;
  private readonly ec2: Track;
  private readonly cml: readonly Track[];
  private isUp = false;

  constructor(
    private readonly server: Server,
    private readonly time: Surroundings,
    private readonly times: ReadingTimes,
    private readonly mode: ReadingMode,
    private readonly hear: (heard: Heard) => Promise<void>,
  ) {
    const { observeMs, activityMs, phaseMs } = times;
    this.ec2 = new Track(['ec2'], observeMs, (phaseMs * 7) % observeMs);
    this.cml = [
      new Track(['cml-system', 'cml-labs'], observeMs, phaseMs),
      new Track(['cml-activity'], activityMs, phaseMs),
    ];
    this.resume(this.ec2);
  }

  /** Its CML server can be asked, or cannot any more. */
  up(isUp: boolean): void {
    this.isUp = isUp;
    for (const track of this.cml) {
      if (isUp && !this.isDown) this.resume(track);
      else track.nextAt = null;
    }
  }

  /** The application goes down, or comes back. */
  down(isDown: boolean): void {
    this.catchUp();
    this.isDown = isDown;
    const [all, none] = isDown
      ? [[], [this.ec2, ...this.cml]]
      : [[this.ec2, ...(this.isUp ? this.cml : [])], []];
    for (const track of none) track.nextAt = null;
    for (const track of all) this.resume(track);
  }

  /** A part of it is otherwise now, and may be once more by itself `laterMs` after it. */
  unsettle(part: ServerPart, ...laterMs: readonly number[]): void {
    const { now } = this.time;
    for (const track of this.tracksOf(part)) {
      for (const ms of [0, ...laterMs]) track.unsettle(now + ms);
      this.enter(track);
    }
  }

  /** EC2's word matters for a while: a stop was asked for, and may have been lost. */
  followStop(): void {
    for (const ms of [0, 2, 4, 6]) this.ec2.unsettle(this.time.now + ms * SETTLES_AFTER_MS * 0.2);
    this.enter(this.ec2);
  }

  /** Some sources fail from now on, or answer again: what fails is unknown from its age on. */
  fail(sources: readonly ReadSource[], fails: boolean): void {
    this.catchUp();
    for (const source of sources) {
      if (fails) this.failing.add(source);
      else this.failing.delete(source);
    }
    for (const track of this.tracksOf('instance')) {
      track.unsettle(this.time.now);
      const age = this.ageLimitOf(track.sources[0] ?? 'ec2');
      for (const ms of [age - track.periodMs, age]) track.unsettle(this.time.now + ms);
      this.enter(track);
    }
  }

  /** The server shows something else than what is so, or again just that. */
  show(distortion: Distortion): void {
    this.catchUp();
    this.distortion = distortion;
    const ages = this.tracksOf('labs').map((track) => this.ageLimitOf(track.sources[0] ?? 'ec2'));
    this.unsettle('labs', SETTLES_AFTER_MS, ...ages.flatMap((age) => [age - this.times.observeMs, age]));
  }

  /** Makes up for what was read meanwhile, each time with the same answer. */
  catchUp(): void {
    for (const track of [this.ec2, ...this.cml]) this.catchUpOn(track);
  }

  /** All that a probe reads, now, beside the timetable. Answers whether all of it was read. */
  async probe(): Promise<boolean> {
    this.catchUp();
    const sources = this.cml.flatMap((track) => track.sources);
    await this.read(sources);
    this.unsettle('labs', SETTLES_AFTER_MS);
    return sources.every((source) => this.observations[source]?.lastError === null);
  }

  private tracksOf(part: ServerPart): readonly Track[] {
    const [system, activity] = this.cml;
    switch (part) {
      case 'instance':
        return [this.ec2, ...this.cml];
      case 'labs':
        return this.cml;
      case 'events':
        return activity ? [activity] : [];
      case 'load':
        return system ? [system] : [];
    }
  }

  private resume(track: Track): void {
    track.nextAt = track.onGridAfter(this.time.now);
    track.unsettle(this.time.now);
    this.enter(track);
  }

  private enter(track: Track): void {
    const at = track.nextByItself(this.mode.eager);
    if (at === null || (track.enteredAt !== null && track.enteredAt <= at)) return;
    track.enteredAt = at;
    this.time.at(at, async () => {
      // another one may have come before it
      if (track.enteredAt !== at) return;
      this.catchUpOn(track);
      track.enteredAt = null;
      // it may have been ended, or begun anew, since
      if (track.nextAt === at) {
        track.nextAt = at + track.periodMs;
        this.enter(track);
        await this.read(track.sources);
      } else {
        this.enter(track);
      }
    });
  }

  private catchUpOn(track: Track): void {
    const due = track.takeDue(this.time.now);
    if (due) for (const source of track.sources) this.prolong(source, due.count, new Date(due.lastAt));
  }

  private async read(sources: readonly ReadSource[]): Promise<void> {
    const before = this.observations;
    const at = new Date(this.time.now);
    const readings: Observation[] = [];
    let [turned, confirmed] = [false, false];
    let lastActivity: LastActivity | null = null;
    for (const source of sources) {
      const known = this.observations;
      const reading = this.attempt(source, at);
      const after = { ...known, [source]: reading };
      const rules = { cpuIdleBelowPercent: CPU_IDLE_BELOW_PERCENT, maximalAgeMs: this.ageLimitOf(source) };
      const said = signalsOf(this.server.id, known, after, rules);
      for (const one of said) {
        const current = this.signals.get(one.signal);
        const longestGapMs = this.ageLimitOf(source);
        const next = continued(current, one, { longestGapMs, usualGapMs: longestGapMs }, at);
        this.signals.set(one.signal, next);
        turned ||= next.value !== (current?.value ?? 'unknown');
        confirmed ||= next.readings <= 2 && next !== current;
      }
      this.observations = after;
      readings.push(reading);
      const seen = lastActivityIn(known, after, said);
      if (seen && (!lastActivity || seen.at > lastActivity.at)) lastActivity = seen;
    }
    const isNews = newestUse(before) !== newestUse(this.observations);
    await this.hear({ readings, lastActivity, signalTurned: turned, matters: turned || confirmed || isNews });
  }

  private attempt(source: ReadSource, at: Date): Observation {
    const { id } = this.server;
    if (this.failing.has(source)) {
      const error = { code: 'timeout', message: 'no answer', at };
      return failed(this.observations[source] as Observation | undefined, id, source, error);
    }
    const known = this.observations[source] as Observation | undefined;
    try {
      return observed(known, id, source, this.valuesOf(source, at), at);
    } catch (error) {
      if (!(error instanceof CmlError)) throw error;
      return failed(known, id, source, { code: error.failure, message: error.message, at });
    }
  }

  private valuesOf(source: ReadSource, at: Date): ValuesOf[ReadSource] {
    switch (source) {
      case 'ec2':
        return ec2Seen(this.server);
      case 'cml-system':
        return { ...systemSeen(this.server, at), ...(this.times.blindToNodes && { runningNodes: null }) };
      case 'cml-labs':
        return labsSeen(this.server, this.distortion);
      case 'cml-activity':
        return activitySeen(
          this.server,
          this.distortion,
          this.observations['cml-activity']?.values ?? null,
          at,
        );
    }
  }

  private prolong(source: ReadSource, count: number, lastAt: Date): void {
    const known = this.observations[source] as Observation | undefined;
    if (!known) return;
    const { lastError } = known;
    if (source === 'cml-system' && !lastError) noteLoadSeen(this.server, lastAt);
    this.observations = {
      ...this.observations,
      [source]: lastError
        ? { ...known, lastError: { ...lastError, at: lastAt }, failedReads: known.failedReads + count }
        : { ...known, observedAt: lastAt, goodReads: known.goodReads + count },
    };
    for (const [signal, interval] of this.signals) {
      if (SIGNAL_SOURCE[signal] !== source) continue;
      this.signals.set(signal, { ...interval, to: lastAt, readings: interval.readings + count });
    }
  }

  private ageLimitOf(source: ReadSource): number {
    const { observeMs, activityMs } = this.times;
    const interval = source === 'cml-activity' ? activityMs : observeMs;
    return MISSED * Math.max(interval, observeMs);
  }
}

function newestUse({ 'cml-activity': activity }: Observations): number | null {
  const { newestActivityAt = null, newestFoundAt = null } = activity?.values ?? {};
  return Math.max(newestActivityAt?.getTime() ?? 0, newestFoundAt?.getTime() ?? 0);
}
