import { CqrsModule } from '@nestjs/cqrs';
import { type HttpApp, type HttpAppOptions, startHttpApp } from '../../http/testing/http-app';
import { PolicySource } from '../../reaper';
import { type WrittenPolicies } from '../application/written-policies';
import { PoliciesModule, type PoliciesModuleOptions } from '../policies.module';
import { FakeGetActiveWorkers, FakeGetWorker, KnownWorkers } from './worker-queries';

export const WORKER = '00000000-0000-4000-8000-0000000000a1';
export const OTHER_WORKER = '00000000-0000-4000-8000-0000000000a2';

export const BUDGET = { stops: null, sharePercent: 50, windowMinutes: 60 };

const BASIS: PoliciesModuleOptions = {
  values: { idleThresholdMinutes: 60, snoozeCapMinutes: 600 },
  fleetRules: { fleetBudget: BUDGET, regionBudget: null, breakerWindowMinutes: 60 },
  sendsMail: true,
  timeZone: 'Europe/Zurich',
  ...{ observeSeconds: 60, activitySeconds: 120, autostart: false },
};

export interface PoliciesApp extends HttpApp {
  readonly known: KnownWorkers;
  readonly policies: WrittenPolicies;
  readonly admin: (
    method: string,
    path: string,
    body?: unknown,
    headers?: object,
  ) => ReturnType<HttpApp['call']>;
}

/** The routes of policies over a store, with two workers in us-east-1 that have no tags. */
export async function startPoliciesApp(
  options: Pick<HttpAppOptions, 'database'> & Partial<PoliciesModuleOptions> = {},
): Promise<PoliciesApp> {
  const { database, ...basis } = options;
  const known = new KnownWorkers();
  for (const id of [WORKER, OTHER_WORKER]) {
    known.workers.set(id, { id, awsRegion: 'us-east-1', tags: {}, idlePolicyId: null });
  }
  const http = await startHttpApp({
    ...(database && { database }),
    imports: [CqrsModule.forRoot(), PoliciesModule.forRoot({ ...BASIS, ...basis })],
    providers: [{ provide: KnownWorkers, useValue: known }, FakeGetWorker, FakeGetActiveWorkers],
  });
  return {
    ...http,
    known,
    policies: http.app.get<WrittenPolicies>(PolicySource, { strict: false }),
    admin: (method, path, body, headers = {}) =>
      http.call(method, `/api/v1${path}`, { as: 'admin', body, headers: { ...headers } }),
  };
}
