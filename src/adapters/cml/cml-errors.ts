import { BlockedTarget } from '../../outbound';
import { CmlError, type CmlFailure } from '../../telemetry';
import { recordIn, textIn } from './unknown-json';

/** OpenSSL's and Node's verdicts on a certificate: neither waiting nor repeating helps. */
const CERTIFICATE_CODE =
  /^(CERT_|CRL_|UNABLE_TO_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|INVALID_CA|INVALID_PURPOSE|HOSTNAME_MISMATCH|ERR_TLS_CERT_ALTNAME_INVALID)/;

/** A connection that ended under a request. */
const BROKEN_CONNECTION: readonly string[] = ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'];

const FAILURE_OF_CODE: Readonly<Record<string, CmlFailure>> = {
  ECONNREFUSED: 'unreachable',
  ECONNRESET: 'unreachable',
  EPIPE: 'unreachable',
  EHOSTUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENETUNREACH: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  ENOTFOUND: 'unreachable',
  EAI_AGAIN: 'unreachable',
  UND_ERR_SOCKET: 'unreachable',
  UND_ERR_CLOSED: 'unreachable',
  UND_ERR_DESTROYED: 'unreachable',
  ETIMEDOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
};

const FAILURE_OF_STATUS: Readonly<Record<number, CmlFailure>> = {
  401: 'credentials',
  403: 'credentials',
  409: 'busy',
  429: 'busy',
  // nginx says with these that CML is not up behind it
  502: 'not-ready',
  503: 'not-ready',
  504: 'not-ready',
};
const LONGEST_DESCRIPTION = 200;

/** Any error of a request as one of ours. It never quotes a request, so no password and no token can be in it. */
export function cmlErrorOf(error: unknown, host: string): CmlError {
  if (error instanceof CmlError) return error;
  if (error instanceof BlockedTarget) {
    return new CmlError('unreachable', `The server is not asked: its address ${host} is ${error.message}.`);
  }
  const { name, code } = namesOf(error);
  if (name === 'TimeoutError' || name === 'AbortError') return timedOut(host);
  const failure = CERTIFICATE_CODE.test(code) ? 'certificate' : (FAILURE_OF_CODE[code] ?? 'unreadable');
  return new CmlError(failure, `${SAID[failure]} (CML server ${host}: ${code || name})`, null, {
    cause: causeOf(error),
  });
}

/** What may be told of an error's cause: a parser's error carries the bytes that it stumbled over, and so is left out. */
export function causeOf(error: unknown): unknown {
  const { name, code } = namesOf(error);
  return name === 'HTTPParserError' || code.startsWith('HPE_') ? undefined : error;
}

export function timedOut(host: string): CmlError {
  return new CmlError('timeout', `${SAID.timeout} (CML server ${host})`);
}

/** Whether the connection was closed, rather than the request refused or out of time. */
export function isBrokenConnection(error: unknown): boolean {
  return BROKEN_CONNECTION.includes(namesOf(error).code);
}

/** @param what what is wrong with the answer, as the end of a sentence */
export function unreadable(what: string): CmlError {
  return new CmlError('unreadable', `The CML server's answer cannot be understood: ${what}.`);
}

/**
 * What an answer means that is not the one that was asked for.
 * @param description CML's own words without secrets; null where it says none, as nginx in its HTML
 * @param failure where the caller knows better than the status
 */
export function refusal(
  httpStatus: number,
  fromCml: boolean,
  description: string | null,
  failure: CmlFailure = FAILURE_OF_STATUS[httpStatus] ?? 'refused',
): CmlError {
  const meant = fromCml ? failure : 'not-ready';
  const words = meant === 'not-ready' || description === null ? '' : `: ${cut(description)}`;
  const said = httpStatus === 403 && meant === 'credentials' ? NO_RIGHTS : SAID[meant];
  return new CmlError(meant, `${said} (HTTP ${httpStatus}${words})`, null, { httpStatus });
}

function cut(description: string): string {
  return description.slice(0, LONGEST_DESCRIPTION);
}

const NO_RIGHTS = 'The server does not let our account do that. Give it administrator rights.';

const SAID: Readonly<Record<CmlFailure, string>> = {
  unreachable:
    'The server cannot be reached. It may be booting; else check its security group and the address in use.',
  timeout: 'The server does not answer in time.',
  'not-ready': 'The services of CML are not up (yet).',
  certificate: 'The certificate of the server does not verify. Install one that does, or pin it.',
  credentials: 'The server does not take our account.',
  busy: 'The server cannot do that now. Try again later.',
  'nodes-running': 'Nodes run on the server, which must not be for that. Stop its labs first.',
  refused: 'The server answers an error.',
  unreadable: 'The server does not speak as a CML server does.',
};

/** By shape: an abort is a DOMException, and Node's own errors are no `instanceof Error` in another realm. */
function namesOf(error: unknown): { name: string; code: string } {
  const { name, code } = recordIn(error);
  return { name: textIn(name) ?? 'unknown error', code: textIn(code) ?? '' };
}
