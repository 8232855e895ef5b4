export { type Lab, LabClient, type LabState } from './application/lab-client';
export { LabShutdown, type LabShutdownOptions } from './application/lab-shutdown';
export { type KeepOrder, type KeptTopologies, TopologyKeeper } from './application/topology-keeper';
export { LAB_EVENTS } from './domain/lab-events';
export { LAB_ACTS_DEFINITION } from './persistence/lab-acts-definition';
export { LabsModule } from './labs.module';
