import { Registry } from 'prom-client';

/**
 * The metrics of this process. Whoever has something to count makes a metric of prom-client with this registry in its
 * `registers`, and names it `cml_fleet_…`. Labels are of few values: no ids of workers or instances.
 */
export class MetricsRegistry extends Registry {}
