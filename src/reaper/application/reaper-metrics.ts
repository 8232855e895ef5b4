import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram } from 'prom-client';
import { FleetClock } from '../../kernel/clocks';
import { MetricsRegistry } from '../../metrics';
import { StopBudgets } from '../domain/control/stop-budgets';
import { type IdleDecision } from '../domain/decision/decision';
import { STOP_CAUSES } from '../domain/signals/idle-input';
import { type FleetView } from './fleet-surroundings';
import { type Carried } from './worker-turn';

/** What became of stops that were due. */
const STOP_ACTIONS = ['stop', 'probe-refused', 'stop-refused', 'held'];

/** Counts turns, decisions and stops for Prometheus. */
@Injectable()
export class ReaperMetrics {
  private readonly turns: Histogram;
  private readonly decisions: Counter<'verdict'>;
  private readonly stops: Counter<'cause' | 'outcome'>;
  private readonly budgets: Gauge<'scope' | 'what'>;

  constructor(
    registry: MetricsRegistry,
    private readonly clock: FleetClock,
  ) {
    const registers = [registry];
    this.turns = new Histogram({
      name: 'cml_fleet_reaper_turn_seconds',
      help: 'How long a turn of the reaper took (machine time)',
      buckets: [0.1, 0.5, 1, 5, 10, 30, 60, 300],
      registers,
    });
    this.decisions = new Counter({
      name: 'cml_fleet_reaper_decisions_total',
      help: 'Decisions about workers',
      labelNames: ['verdict'],
      registers,
    });
    this.stops = new Counter({
      name: 'cml_fleet_reaper_stops_total',
      help: 'Automatic stops that were due, and what became of them',
      labelNames: ['cause', 'outcome'],
      registers,
    });
    // a first increase can be seen only where there was a value before it
    for (const cause of STOP_CAUSES) {
      for (const outcome of STOP_ACTIONS) this.stops.inc({ cause, outcome }, 0);
    }
    this.budgets = new Gauge({
      name: 'cml_fleet_reaper_budget_stops',
      help: 'Automatic stops in the window of a budget: that were taken, and that it allows',
      labelNames: ['scope', 'what'],
      registers,
    });
  }

  async timed<T>(work: () => Promise<T>): Promise<T> {
    const end = this.turns.startTimer();
    try {
      return await work();
    } finally {
      end();
    }
  }

  count(
    decisions: readonly IdleDecision[],
    carried: readonly Carried[],
    { control, fleet }: FleetView,
  ): void {
    for (const { verdict } of decisions) this.decisions.inc({ verdict });
    for (const one of carried) {
      if (!('outcome' in one) || !STOP_ACTIONS.includes(one.outcome.action)) continue;
      const labels = { cause: one.decision.cause ?? 'idle', outcome: one.outcome.action };
      this.stops.inc(labels);
    }
    this.budgets.reset();
    for (const { scope, used, allowed } of new StopBudgets(control, fleet, this.clock.now()).all()) {
      this.budgets.set({ scope, what: 'used' }, used);
      this.budgets.set({ scope, what: 'allowed' }, allowed);
    }
  }
}
