import {
  drifted,
  leadsAway,
  runningSince,
  withCertificate,
  withCredentials,
  withDetails,
  withUse,
} from './evolve-steps';
import { plainLaunch } from './launch-settings';
import { type CMLWorkerCertificateUpdatedDomainEvent, type WorkerEvent } from './worker-events';
import { type WorkerState } from './worker-state';
import { isDown } from './worker-status';

/** Events after which the HTTP API's `version` is a new one: changes of intent, and by people. */
function isRevision(event: WorkerEvent): boolean {
  switch (event.type) {
    case 'worker.details-updated':
    case 'worker.image-updated':
    case 'worker.desired-state-updated':
    case 'worker.stop-withdrawn':
    case 'worker.snooze-updated':
    case 'worker.protection-updated':
    case 'worker.cml-credentials-updated':
    case 'worker.released':
      return true;
    case 'worker.certificate-updated':
      return isByAPerson(event.data);
    default:
      return false;
  }
}

function isByAPerson({ acceptedBy }: CMLWorkerCertificateUpdatedDomainEvent['data']): boolean {
  return acceptedBy !== null && !acceptedBy.startsWith('system:');
}

/** The state after an event. The first event of a stream is a creation or an import; `state` is ignored for it. */
export function evolve(state: WorkerState, event: WorkerEvent): WorkerState {
  const next = apply(state, event);
  return isRevision(event) ? { ...next, revision: next.revision + 1 } : next;
}

function apply(state: WorkerState, event: WorkerEvent): WorkerState {
  switch (event.type) {
    case 'worker.created': {
      const { createdAt, ...given } = event.data;
      return {
        ...blank(event.aggregateId, createdAt),
        ...given,
        appliedInstanceType: given.instanceType,
        market: given.launch.market,
      };
    }
    case 'worker.imported': {
      const { importedAt, importedBy, ...given } = event.data;
      return {
        ...blank(event.aggregateId, importedAt),
        ...given,
        appliedInstanceType: given.instanceType,
        launch: plainLaunch(given.instanceType),
        // as it stands in AWS: its tags, and its Name, are its owner's
        appliedTags: { ...given.tags, Name: given.name },
        createdBy: importedBy,
        convergedAt: importedAt,
        lastActivityAt: importedAt,
        lastActivitySource: 'import',
        lastActivityKind: 'start',
        certificateMayChange: false,
        runningSince: given.status === 'RUNNING' ? importedAt : null,
      };
    }
    case 'worker.details-updated':
      return withDetails(state, event.data);
    case 'worker.desired-state-updated':
      return {
        ...state,
        desired: event.data.desired,
        convergedAt: null,
        statusReason: null,
        updatedAt: event.data.desired.at,
      };
    case 'worker.stop-withdrawn':
      return { ...state, desired: event.data.desired, fence: null, updatedAt: event.data.desired.at };
    case 'worker.converged':
      return { ...state, convergedAt: event.data.convergedAt, updatedAt: event.data.convergedAt };
    case 'worker.launch-requested': {
      const { request } = event.data;
      const instanceType = request.placement?.instanceType ?? state.instanceType;
      return {
        ...state,
        launchRequest: request,
        launchAttempt: request.attempt,
        instanceType,
        appliedInstanceType: instanceType,
        amiId: request.amiId,
        amiName: request.amiName,
        updatedAt: request.at,
      };
    }
    case 'worker.launch-tried': {
      const { tries, triedAt } = event.data;
      const launchRequest = state.launchRequest && { ...state.launchRequest, tries, triedAt };
      return { ...state, launchRequest, updatedAt: triedAt };
    }
    case 'worker.launch-failed':
      return {
        ...state,
        launchRequest: null,
        awsInstanceId: null,
        publicIp: null,
        privateIp: null,
        appliedTags: null,
        answered: null,
        nextPlacement: event.data.nextPlacement,
        statusReason: event.data.reason,
        updatedAt: event.data.reason.at,
      };
    case 'worker.status-reason-updated':
      return { ...state, statusReason: event.data.reason, updatedAt: event.data.updatedAt };
    case 'worker.status-updated':
      return {
        ...state,
        status: event.data.newStatus,
        statusAt: event.data.updatedAt,
        overdue: null,
        checks: isDown(event.data.newStatus) ? null : state.checks,
        interruption: isDown(event.data.newStatus) ? null : state.interruption,
        serviceReason: isDown(event.data.newStatus) ? null : state.serviceReason,
        runningSince: runningSince(state, event.data.newStatus, event.data.updatedAt),
        fence: isDown(event.data.newStatus) ? null : state.fence,
        updatedAt: event.data.updatedAt,
      };
    case 'worker.call-answered':
      return {
        ...state,
        answered: { status: event.data.status, at: event.data.answeredAt },
        // a call of ours that comes late leads away from what is wanted by now: it is no change from outside
        convergedAt: leadsAway(state, event.data.status) ? null : state.convergedAt,
        updatedAt: event.data.answeredAt,
      };
    case 'worker.drift-detected':
      return drifted(state, event.data);
    case 'worker.transition-overdue': {
      const { status, detectedAt } = event.data;
      return { ...state, overdue: { status, at: detectedAt, forcedAt: null }, updatedAt: detectedAt };
    }
    case 'worker.stop-forced': {
      const { forcedAt } = event.data;
      return { ...state, overdue: state.overdue && { ...state.overdue, forcedAt }, updatedAt: forcedAt };
    }
    case 'worker.tags-applied':
      return { ...state, appliedTags: event.data.tags, updatedAt: event.data.appliedAt };
    case 'worker.instance-type-applied':
      return { ...state, appliedInstanceType: event.data.instanceType, updatedAt: event.data.appliedAt };
    case 'worker.service-status-updated':
      return {
        ...state,
        serviceStatus: event.data.newServiceStatus,
        serviceReason: event.data.reason,
        certificateMayChange: state.certificateMayChange && event.data.newServiceStatus !== 'AVAILABLE',
        httpsEndpoint: event.data.httpsEndpoint,
        updatedAt: event.data.updatedAt,
      };
    case 'worker.instance-assigned': {
      const { assignedAt, awsAccountId, ...given } = event.data;
      return {
        ...state,
        ...given,
        awsAccountId: awsAccountId ?? state.awsAccountId,
        appliedTags: state.launchRequest?.tags ?? null,
        // the wait for an instance is none of its own
        statusAt: assignedAt,
        overdue: null,
        statusReason: null,
        updatedAt: assignedAt,
      };
    }
    case 'worker.image-updated':
    case 'worker.status-checks-updated':
    case 'worker.scheduled-events-updated':
    case 'worker.spot-interruption-updated':
    case 'worker.license-updated':
    case 'worker.telemetry-updated':
    case 'worker.version-updated':
    case 'worker.endpoint-updated':
    case 'worker.snooze-updated':
    case 'worker.protection-updated':
    case 'worker.planned-stop-updated':
    case 'worker.fence-updated':
      return { ...state, ...event.data };
    case 'worker.certificate-updated':
      return withCertificate(state, event.data);
    case 'worker.use-noted':
      return withUse(state, event.data.use);
    case 'worker.stop-prepared':
      return { ...state, stopPrepared: event.data, updatedAt: event.data.preparedAt };
    case 'worker.termination-prepared':
      return { ...state, terminationPrepared: event.data, updatedAt: event.data.preparedAt };
    case 'worker.cml-credentials-updated':
      return withCredentials(state, event.data);
    case 'worker.released':
      return {
        ...state,
        releasedAt: event.data.releasedAt,
        plannedStop: null,
        fence: null,
        updatedAt: event.data.releasedAt,
      };
    case 'worker.terminated':
      return {
        ...state,
        status: 'TERMINATED',
        terminatedAt: event.data.terminatedAt,
        terminatedBy: event.data.terminatedBy,
        updatedAt: event.data.terminatedAt,
      };
  }
}

/** What is not known of a worker before its first event. */
function blank(id: string, at: Date) {
  return {
    id,
    awsAccountId: null,
    amiName: null,
    market: null,
    appliedTags: null,
    idlePolicyId: null,
    driftPolicy: null,
    convergedAt: null,
    launchAttempt: 0,
    nextPlacement: 0,
    launchRequest: null,
    statusReason: null,
    statusAt: at,
    overdue: null,
    checks: null,
    scheduledEvents: [],
    interruption: null,
    answered: null,
    serviceStatus: 'UNAVAILABLE' as const,
    serviceReason: null,
    certificateMayChange: true,
    runningSince: null,
    cmlVersion: null,
    licenseStatus: 'UNREGISTERED' as const,
    licenseToken: null,
    httpsEndpoint: null,
    certificate: { pinned: null, presented: null, changedAt: null },
    cmlCredentials: null,
    publicIp: null,
    privateIp: null,
    lastActivityAt: null,
    lastActivitySource: null,
    lastActivityKind: null,
    activeLabsCount: null,
    cpuUtilization: null,
    memoryUtilization: null,
    snooze: null,
    protection: null,
    plannedStop: null,
    fence: null,
    lastUse: null,
    terminationPrepared: null,
    stopPrepared: null,
    revision: 1,
    createdAt: at,
    updatedAt: at,
    terminatedAt: null,
    terminatedBy: null,
    releasedAt: null,
  };
}
