import { HOUR, type MachineClock, plus } from '../../kernel/clocks';
import { LeaseOwner } from '../lease-owner';
import { LeasedTicks } from '../leased-ticks';
import { type Turn } from '../leased-turn';
import { MemoryLeases } from '../memory/memory-leases';
import { type Leases } from '../ports';

interface Given {
  readonly leases?: Leases;
  readonly owner?: string;
  readonly random?: () => number;
  /** gets what would be logged; by default an error fails the test */
  readonly told?: string[];
}

/** The ticks of one replica, which never waits longer than it must. */
export function ticksOf(clock: MachineClock, given: Given = {}): LeasedTicks {
  const { leases = new MemoryLeases(clock), owner = 'replica-1', random = () => 0, told } = given;
  return new LeasedTicks({
    ...{ leases, clock, random },
    owner: new LeaseOwner(owner),
    report: (error, during) => {
      if (!told) throw error;
      told.push(`${String(error)}, during ${during}`);
    },
    warn: (message, about) => told?.push(`${message} ${JSON.stringify(about)}`),
  });
}

/** A turn that lasts as long as `held` says. */
export function aTurn(clock: MachineClock, held: () => boolean = () => true): Turn {
  return {
    lease: { job: 'test', owner: 'replica-1', fence: 1, claimedAt: clock.now() },
    signal: new AbortController().signal,
    heldUntil: plus(clock.now(), HOUR),
    stillHeld: held,
  };
}
