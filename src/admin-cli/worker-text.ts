import { NONE, pairs, table, UNKNOWN } from './table';
import { ago } from './times';

/** Of the API's WorkerView, what is shown here. null: not known, or none, as the API says. */
export interface Worker {
  readonly id: string;
  readonly version: number;
  readonly name: string;
  readonly awsRegion: string;
  readonly awsInstanceId: string | null;
  readonly instanceType: string;
  readonly status: string;
  readonly desiredState: string;
  readonly serviceStatus: string;
  readonly cmlVersion: string | null;
  readonly licenseStatus: string;
  readonly httpsEndpoint: string | null;
  readonly canConnect: boolean;
  readonly statusReason: { readonly code: string; readonly message: string } | null;
  readonly serviceReason: { readonly code: string; readonly message: string } | null;
  readonly lastActivityAt: string | null;
  readonly activeLabsCount: number | null;
  readonly cpuUtilization: number | null;
  readonly memoryUtilization: number | null;
  readonly tags: Readonly<Record<string, string>>;
  readonly snoozedUntil: string | null;
  readonly protection: { readonly reason: string; readonly expiresAt: string | null } | null;
  readonly plannedStop: { readonly at: string; readonly reason: string } | null;
  readonly createdAt: string;
  readonly createdBy: string;
}

export interface Connection {
  readonly ready: boolean;
  readonly httpsEndpoint?: string | null;
  readonly message?: string | null;
  readonly retryAfterSeconds?: number | null;
}

const HEAD = ['NAME', 'STATUS', 'WANTED', 'SERVICE', 'LABS', 'CPU', 'LAST USE', 'STOP', 'REGION', 'ID'];

export function workerTable(workers: readonly Worker[], now: Date): string[] {
  if (workers.length === 0) return ['There are no workers.'];
  return table(
    HEAD,
    workers.map((worker) => [
      worker.name,
      worker.status,
      worker.desiredState,
      worker.serviceStatus,
      worker.activeLabsCount,
      percent(worker.cpuUtilization),
      worker.lastActivityAt ? ago(worker.lastActivityAt, now) : UNKNOWN,
      ago(worker.plannedStop?.at, now),
      worker.awsRegion,
      worker.id,
    ]),
  );
}

export function workerLines(worker: Worker, now: Date): string[] {
  const { plannedStop, protection, statusReason, serviceReason } = worker;
  const lasting = protection?.expiresAt ? `until ${protection.expiresAt}` : 'for good';
  return pairs([
    ['name', worker.name],
    ['id', worker.id],
    ['status', `${worker.status}, ${worker.desiredState} is wanted`],
    ['status reason', statusReason ? `${statusReason.code}: ${statusReason.message}` : NONE],
    ['service', worker.serviceStatus],
    ['service reason', serviceReason ? `${serviceReason.code}: ${serviceReason.message}` : NONE],
    ['licence', worker.licenseStatus],
    ['instance', `${worker.awsInstanceId ?? NONE}, ${worker.instanceType}, ${worker.awsRegion}`],
    ['CML', worker.cmlVersion],
    ['endpoint', worker.httpsEndpoint ?? NONE],
    ['can connect', worker.canConnect ? 'yes' : 'no'],
    ['labs that run', worker.activeLabsCount],
    ['CPU, memory', `${percent(worker.cpuUtilization)}, ${percent(worker.memoryUtilization)}`],
    ['last use', worker.lastActivityAt ? ago(worker.lastActivityAt, now) : UNKNOWN],
    [
      'planned stop',
      plannedStop ? `${plannedStop.at} (${ago(plannedStop.at, now)}): ${plannedStop.reason}` : NONE,
    ],
    ['snoozed until', worker.snoozedUntil ?? NONE],
    ['protected', protection ? `${lasting}: ${protection.reason}` : 'no'],
    ['tags', tagsText(worker.tags)],
    ['created', `${worker.createdAt} by ${worker.createdBy}`],
    ['version', worker.version],
  ]);
}

/** What became of a request to change it. */
export function outcome({ name, status, desiredState }: Worker): string[] {
  return pairs([[name, `${status}, ${desiredState} is wanted`]]);
}

export function connectionLines({ ready, httpsEndpoint, message, retryAfterSeconds }: Connection): string[] {
  if (ready) return pairs([['ready', httpsEndpoint]]);
  const again = retryAfterSeconds == null ? '' : ` Ask again in ${retryAfterSeconds} s.`;
  return pairs([['not ready', `${message ?? ''}${again}`]]);
}

function percent(value: number | null): string {
  return value === null ? UNKNOWN : `${Math.round(value)} %`;
}

function tagsText(tags: Worker['tags']): string {
  const texts = Object.entries(tags).map(([key, value]) => `${key}=${value}`);
  return texts.length > 0 ? texts.join(', ') : NONE;
}
