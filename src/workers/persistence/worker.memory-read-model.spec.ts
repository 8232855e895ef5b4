import { describeWorkerReadModel } from './worker-read-model.contract';
import { MemoryWorkerReadModel } from './worker.memory-read-model';

describeWorkerReadModel('memory', () => Promise.resolve(new MemoryWorkerReadModel()));
