export { type DiscoveryFilter, type FoundInstance } from './domain/discovery';
export { InstanceFinder } from './domain/ports';
export { DiscoveryModule } from './discovery.module';
