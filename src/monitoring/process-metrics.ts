import { Inject, Injectable } from '@nestjs/common';
import { Gauge, Histogram } from 'prom-client';
import { type AppendNote, AppendWatch } from '../event-store';
import { type HealthProbe } from '../http';
import { SECOND } from '../kernel/clocks';
import { type TurnNote } from '../kernel/tick';
import { askedGauge, MetricsRegistry, unlessLate } from '../metrics';
import { OperationsSchedules } from '../operations';
import { FleetProbes } from './fleet-probes';
import { MONITORING_OPTIONS, type MonitoringOptions } from './monitoring.options';
import { TickList } from './tick-list';

/** What this process did, and how it is. */
@Injectable()
export class ProcessMetrics {
  private readonly turns: Histogram<'tick' | 'outcome'>;
  private readonly appends: Histogram<'outcome'>;

  constructor(
    private readonly registry: MetricsRegistry,
    private readonly ticks: TickList,
    private readonly probes: FleetProbes,
    private readonly operations: OperationsSchedules,
    private readonly appended: AppendWatch,
    @Inject(MONITORING_OPTIONS) private readonly options: MonitoringOptions,
  ) {
    const registers = [registry];
    this.turns = new Histogram({
      name: 'cml_fleet_tick_duration_seconds',
      help: 'Turns of ticks that this process took',
      labelNames: ['tick', 'outcome'],
      buckets: [0.05, 0.25, 1, 5, 15, 60, 300],
      registers,
    });
    this.appends = new Histogram({
      name: 'cml_fleet_store_append_duration_seconds',
      help: 'Appends to the event store; conflict: somebody else was faster',
      labelNames: ['outcome'],
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5],
      registers,
    });
  }

  /** Once, when all parts are there. */
  begin(): void {
    for (const tick of this.ticks.all) tick.onTurn((note) => this.noteTurn(note));
    this.appended.listen((note) => this.noteAppend(note));
    this.addGauges();
  }

  private noteTurn({ name, durationMs, failed }: TurnNote): void {
    this.turns.observe({ tick: name, outcome: failed ? 'failed' : 'done' }, durationMs / SECOND);
  }

  private noteAppend({ outcome, durationMs }: AppendNote): void {
    this.appends.observe({ outcome }, durationMs / SECOND);
  }

  private addGauges(): void {
    const build = new Gauge({
      name: 'cml_fleet_build_info',
      help: '1; which program this is',
      labelNames: ['version', 'node'],
      registers: [this.registry],
    });
    build.set({ version: this.options.version, node: process.version }, 1);
    askedGauge(
      this.registry,
      {
        name: 'cml_fleet_tick_lag_seconds',
        help: 'For how long the next turn of a tick is due and nobody takes it',
        labelNames: ['tick'],
      },
      () =>
        this.ticks.all.flatMap(({ name, lagMs }) =>
          lagMs === null ? [] : [{ labels: { tick: name }, value: lagMs / SECOND }],
        ),
    );
    askedGauge(
      this.registry,
      { name: 'cml_fleet_operations_running', help: 'Operations that this process carries out now' },
      () => [{ value: this.operations.running }],
    );
    askedGauge(
      this.registry,
      {
        name: 'cml_fleet_health_up',
        help: '1 while a check is well. The process is not ready while one of kind needed is 0',
        labelNames: ['check', 'kind'],
      },
      () => Promise.all(this.probes.all.map(async (probe) => this.healthOf(probe))),
    );
  }

  private async healthOf(probe: HealthProbe) {
    const labels = { check: probe.name, kind: probe.toldOnly ? 'told' : 'needed' };
    // why it fails is logged by what it asks, and told at /health/ready
    const healthy = await unlessLate(
      probe.check().then(
        (result) => result.healthy,
        () => false,
      ),
      false,
    );
    return { labels, value: healthy ? 1 : 0 };
  }
}
