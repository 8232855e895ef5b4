import { supportOf } from './cml-versions';
import { type Observation } from './observation';

/** What a reading of `cml-system` finds wanting, or `settling`: nothing, but for the first time. */
export type Trouble =
  | 'no-answer'
  /** the web server answers and what is behind it does not yet */
  | 'services-starting'
  | 'failing-answers'
  | 'not-ready'
  | 'unhealthy'
  | 'health-unknown'
  | 'settling'
  | 'certificate-replaced'
  | 'boot-overdue'
  | 'certificate'
  | 'credentials'
  | 'version-unsupported';

/** Why the service is as it is: a code for programs, and sentences for people, with what helps. */
export interface Finding {
  readonly code: Trouble;
  readonly message: string;
}

/** Troubles that no waiting cures: a person must look. */
export const NEEDS_A_PERSON: ReadonlySet<Trouble> = new Set([
  'certificate',
  'credentials',
  'version-unsupported',
]);

const OF_FAILURE: Readonly<Record<string, Trouble>> = {
  unreachable: 'no-answer',
  timeout: 'no-answer',
  'not-ready': 'services-starting',
  certificate: 'certificate',
  credentials: 'credentials',
};

/** Null for a good reading: the server says that it is ready and healthy. What it does not say, it is not. */
export function troubleOf({ values, lastError }: Observation<'cml-system'>): Trouble | null {
  if (lastError) return OF_FAILURE[lastError.code] ?? 'failing-answers';
  const { version = null, ready = null, healthy = null } = values ?? {};
  if (supportOf(version)?.level === 'refused') return 'version-unsupported';
  if (ready !== true) return 'not-ready';
  if (healthy === null) return 'health-unknown';
  return healthy ? null : 'unhealthy';
}

const WHAT: Readonly<Record<Trouble, string>> = {
  'no-answer': 'CML does not answer.',
  'services-starting': 'CML is starting its services.',
  'failing-answers': 'CML answers with errors.',
  'not-ready': 'CML answers, but has no compute that could start nodes.',
  unhealthy: 'CML answers, but says that it is not healthy.',
  'health-unknown': "CML answers, but does not tell its health to the fleet's account.",
  settling: 'CML answers and is healthy; a second reading must say so, too.',
  'certificate-replaced': 'CML made itself another TLS certificate in its first boot, which was accepted.',
  'boot-overdue': 'CML did not become usable within 30 minutes of the start of its instance.',
  certificate: 'CML shows another TLS certificate than the accepted one, or one that does not verify.',
  credentials: "CML refuses the fleet's user name and password, or they lack the rights of an admin.",
  'version-unsupported': 'This version of CML is not supported.',
};

const REMEDY: Partial<Readonly<Record<Trouble, string>>> = {
  'health-unknown': 'Give the fleet an account with the rights of an admin.',
  'boot-overdue': "Look at the instance's console; a stop and a start may help.",
  certificate: 'An admin must check and accept it.',
  credentials: 'Set the right ones.',
};

const BY_STATUS = {
  STARTING: 'Wait: it has 30 minutes from the start of its instance, and restarts once in its first boot.',
  UNAVAILABLE:
    'In its first boot it restarts once: wait. Else look at its network and security groups, and at the instance.',
  ERROR: "Look at CML's own diagnostics; a stop and a start of the worker may help.",
};

/** `version` is the one that CML named, where the trouble is with that. */
export function findingOf(
  status: keyof typeof BY_STATUS,
  code: Trouble,
  version: string | null = null,
): Finding {
  if (code === 'version-unsupported') {
    const why = supportOf(version)?.message ?? WHAT[code];
    return { code, message: `CML names the version ${version ?? '?'}. ${why}` };
  }
  return { code, message: `${WHAT[code]} ${REMEDY[code] ?? BY_STATUS[status]}` };
}
