export { type Lab, LabClient } from './application/lab-client';
export { LabShutdown } from './application/lab-shutdown';
export { type KeptTopologies, TopologyKeeper } from './application/topology-keeper';
export { LAB_EVENTS } from './domain/lab-events';
export { LAB_ACTS_DEFINITION } from './persistence/lab-acts-definition';
export { LabsModule } from './labs.module';
