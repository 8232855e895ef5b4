import { AggregateStores, EventRegistry } from '../../event-store';
import { MemorySnapshotStore } from '../../event-store/memory/memory-snapshot-store';
import { memoryStore } from '../../event-store/testing/memory-store';
import { type FleetRules } from '../domain/policy/effective-policy';
import { REAPER_CONTROL_EVENTS } from '../domain/control/control-events';
import { type BudgetedWorker } from '../domain/control/budget-scopes';
import { type RunningFleet } from '../domain/control/stop-budgets';
import { EventSourcedReaperControls } from '../persistence/event-sourced.reaper-controls';
import { REAPER_CONTROL_DEFINITION } from '../persistence/reaper-control-definition';

export const NO_RULES: FleetRules = { fleetBudget: null, regionBudget: null, breakerWindowMinutes: 60 };

export function aBudgeted(id: string, stated: Partial<BudgetedWorker> = {}): BudgetedWorker {
  return { id, region: 'us-east-1', policy: null, ...stated };
}

/** So many workers run, under these rules. */
export function aFleet(count: number, rules: Partial<FleetRules> = {}): RunningFleet {
  const running = Array.from({ length: count }, (_, index) => aBudgeted(`w-${index}`));
  return { rules: { ...NO_RULES, ...rules }, running };
}

/** One store in memory, and as many replicas over it as are opened. */
export function controlBench(now: Date) {
  const { store, seal, clock } = memoryStore();
  clock.set(now);
  const decoder = new EventRegistry();
  decoder.register(REAPER_CONTROL_EVENTS);
  const snapshots = new MemorySnapshotStore();
  const report = (error: unknown) => {
    throw error;
  };
  const open = () => {
    const services = { store, seal, decoder, snapshots, report, random: () => 0 };
    const stores = new AggregateStores({ ...services, pause: () => Promise.resolve() });
    return new EventSourcedReaperControls(stores.open(REAPER_CONTROL_DEFINITION));
  };
  return { store, clock, open };
}
