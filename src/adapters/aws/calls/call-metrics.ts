import { Counter, Gauge, type Registry } from 'prom-client';
import { type AwsCalls } from './aws-calls';

/** Shows Prometheus what `AwsCalls` knows. A region appears once it was called, or looked at. */
export function registerCallMetrics(calls: AwsCalls, registry: Registry): void {
  const registers = [registry];
  const made = new Counter({
    name: 'cml_fleet_aws_calls_total',
    help: 'Requests to AWS that were made, repetitions included',
    labelNames: ['region', 'service', 'action', 'outcome'],
    registers,
  });
  const throttled = new Counter({
    name: 'cml_fleet_aws_throttled_total',
    help: 'Requests to which AWS answered that there are too many',
    labelNames: ['region', 'kind'],
    registers,
  });
  calls.onCall(({ region, service, action, kind, outcome }) => {
    made.inc({ region, service, action, outcome });
    if (outcome === 'throttled') throttled.inc({ region, kind });
  });

  new Gauge({
    name: 'cml_fleet_aws_budget_tokens',
    help: 'Calls (…-resources: instances) of a kind that could be made at once',
    labelNames: ['region', 'kind'],
    registers,
    collect() {
      for (const { region, kind, available } of budgets(calls)) this.set({ region, kind }, available);
    },
  });
  new Gauge({
    name: 'cml_fleet_aws_budget_waiting',
    help: 'Calls that wait for their token',
    labelNames: ['region', 'kind'],
    registers,
    collect() {
      for (const { region, kind, waiting } of budgets(calls)) this.set({ region, kind }, waiting);
    },
  });
  new Gauge({
    name: 'cml_fleet_aws_circuit_open',
    help: '1 while a service is left alone because it does not answer, until a call got through again',
    labelNames: ['region', 'service'],
    registers,
    collect() {
      for (const region of calls.regions) {
        for (const { service, state } of calls.of(region).circuits) {
          this.set({ region, service }, state === 'closed' ? 0 : 1);
        }
      }
    },
  });
}

function budgets(calls: AwsCalls) {
  return calls.regions.flatMap((region) => calls.of(region).apiBudget.map((use) => ({ region, ...use })));
}
