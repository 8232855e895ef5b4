import { CMLWorkerImportedDomainEvent } from '../domain/worker-events';
import { at, INSTANCE_ID, PRIVATE_IP, PUBLIC_IP, wanting, WORKER_ID, WorkerBuilder } from './worker.builder';

/** An instance that ran already when it was imported at minute 5. */
export function anImportedWorker(id = WORKER_ID): WorkerBuilder {
  const instance = { awsAccountId: '111122223333', awsRegion: 'us-east-1', awsInstanceId: INSTANCE_ID };
  const imported = {
    ...{ name: 'lab-9', ...instance, instanceType: 'm5zn.metal', amiId: 'ami-9', status: 'RUNNING' as const },
    ...{ publicIp: PUBLIC_IP, privateIp: PRIVATE_IP, tags: {}, market: null },
    ...{ desired: wanting('RUNNING', { at: at(5) }), importedAt: at(5), importedBy: 'user:bob' },
  };
  return new WorkerBuilder(id, [new CMLWorkerImportedDomainEvent(id, imported)]);
}
