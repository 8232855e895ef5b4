import { Global, Module } from '@nestjs/common';
import { CqrsModule, type IQuery, QueryHandler } from '@nestjs/cqrs';
import { FakeWorkerGate } from '../../http/testing/fake-worker-gate';
import { startHttpApp } from '../../http/testing/http-app';
import { OperationsModule, OperationsSchedules } from '../../operations';
import {
  CmlListeners,
  CmlServers,
  GetObservations,
  type LabsValues,
  type Observation,
  type WorkerObservations,
} from '../../telemetry';
import { WorkersQueries } from '../../telemetry/testing/recording-buses';
import { OPTIONS } from '../../telemetry/testing/telemetry-bench';
import { GetWorker } from '../../workers';
import { LabClient } from '../application/lab-client';
import { LabsModule } from '../labs.module';
import { FakeLabs } from './fake-labs';
import { aRunningWorker } from './labs-bench';

/** The labs module as Nest wires it, behind HTTP, with operations; workers, telemetry and the CML server are fakes. */
export async function labsApp() {
  const workers = new WorkersQueries();
  const worker = aRunningWorker();
  workers.workers = [worker];
  const client = new FakeLabs();
  const listeners = new CmlListeners();
  let observed: Observation<'cml-labs'> | undefined;

  @QueryHandler(GetWorker)
  class Workers {
    execute(query: IQuery) {
      return workers.execute(query);
    }
  }
  @QueryHandler(GetObservations)
  class Observations {
    execute({ workerIds }: GetObservations): Promise<ReadonlyMap<string, WorkerObservations>> {
      const observations = observed ? { 'cml-labs': observed } : {};
      return Promise.resolve(new Map(workerIds.map((id) => [id, { observations, signals: new Map() }])));
    }
  }
  const outside = [
    { provide: LabClient, useValue: client },
    { provide: CmlServers, useValue: new CmlServers(OPTIONS) },
    { provide: CmlListeners, useValue: listeners },
  ];
  @Global()
  @Module({
    providers: [...outside, Workers, Observations],
    exports: outside.map(({ provide }) => provide),
  })
  class Outside {}

  const http = await startHttpApp({
    workerGate: new FakeWorkerGate(worker),
    imports: [
      ...[CqrsModule.forRoot(), Outside],
      OperationsModule.forRoot({ persistence: 'memory', autostart: false }),
      LabsModule.forRoot({ persistence: 'memory' }),
    ],
  });

  /** A reading of the labs, stored and told as telemetry does. */
  const observe = async (labs: LabsValues['labs']) => {
    const before = observed;
    observed = {
      ...{ workerId: worker.id, source: 'cml-labs', lastError: null, sweepId: null },
      ...{ goodReads: 1, failedReads: 0, observedAt: http.clock.now() },
      values: { total: labs.length, running: 0, labs },
    };
    const context = { actor: 'system:telemetry', reason: null, correlationId: 'c', causationId: null };
    const read = { worker, before, after: observed, licensed: true };
    await listeners.labsRead({ ...read, context: { ...context, commandId: 'sweep' } });
  };
  const carryOut = () => http.app.get(OperationsSchedules, { strict: false }).carryOut.run();
  return { http, workers, worker, client, observe, carryOut };
}
