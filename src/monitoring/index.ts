export { FleetProbes } from './fleet-probes';
export { MonitoringModule } from './monitoring.module';
export { RequestMetrics } from './request-metrics';
