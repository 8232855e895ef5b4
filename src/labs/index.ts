export { type Lab, LabClient, type LabState } from './application/lab-client';
export { LabShutdown, type LabShutdownOptions } from './application/lab-shutdown';
export { type KeptTopologies, TopologyKeeper } from './application/topology-keeper';
