export { askedGauge, type GaugeValue } from './asked-gauge';
export { MetricsModule } from './metrics.module';
export { MetricsRegistry } from './metrics-registry';
