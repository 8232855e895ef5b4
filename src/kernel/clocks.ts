/**
 * Fleet time: what ages, thresholds, deadlines and event times are measured in. It equals machine time except in
 * demos and tests, where it runs faster, so that an idle hour can be lived through in seconds.
 */
export abstract class FleetClock {
  abstract now(): Date;
  /** Machine milliseconds that pass while fleet time moves by the given fleet milliseconds. */
  abstract toMachineMs(fleetMs: number): number;
}

/** Machine time: what leases, TTLs, tokens, time-outs, rate limits and the age of a live probe are measured in. */
export abstract class MachineClock {
  abstract now(): Date;
}

export class SystemClock extends MachineClock {
  now(): Date {
    return new Date();
  }
}

/** fleet time = epoch + (machine time − epoch) × speed: the same in every process that shares epoch and speed. */
export class ScaledClock extends FleetClock {
  constructor(
    private readonly machine: MachineClock,
    private readonly epoch: Date,
    private readonly speed: number,
  ) {
    super();
    if (!(speed > 0)) throw new RangeError(`clock speed must be above 0, not ${speed}`);
  }

  now(): Date {
    const epoch = this.epoch.getTime();
    return new Date(epoch + (this.machine.now().getTime() - epoch) * this.speed);
  }

  toMachineMs(fleetMs: number): number {
    return fleetMs / this.speed;
  }
}

/** A clock that stands still until it is moved; it serves as either of the two. */
export class ManualClock implements FleetClock, MachineClock {
  constructor(private current: Date) {}

  now(): Date {
    return new Date(this.current);
  }

  toMachineMs(fleetMs: number): number {
    return fleetMs;
  }

  set(to: Date): void {
    this.current = to;
  }

  advance(ms: number): void {
    this.current = new Date(this.current.getTime() + ms);
  }
}

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

export function plus(time: Date, ms: number): Date {
  return new Date(time.getTime() + ms);
}

/** Milliseconds since then. Infinity where the clock was set back behind it: nobody knows how long ago it was. */
export function ageOf(then: Date, now: Date): number {
  const age = now.getTime() - then.getTime();
  return age < 0 ? Infinity : age;
}

/** The later of two times, either of which may be unknown. */
export function latest(a: Date | null, b: Date | null): Date | null {
  if (!a || !b) return a ?? b;
  return a.getTime() > b.getTime() ? a : b;
}
