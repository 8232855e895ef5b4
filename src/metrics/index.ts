export { askedGauge, type GaugeValue, unlessLate } from './asked-gauge';
export { MetricsModule } from './metrics.module';
export { MetricsRegistry } from './metrics-registry';
