import { CmlError, type CmlFailure } from '../../telemetry';
import { recordIn, textIn } from './unknown-json';

/** OpenSSL's and Node's verdicts on a certificate: neither waiting nor repeating helps. */
const CERTIFICATE_CODE =
  /^(CERT_|CRL_|UNABLE_TO_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|INVALID_CA|INVALID_PURPOSE|HOSTNAME_MISMATCH|ERR_TLS_CERT_ALTNAME_INVALID)/;

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

/** Status codes with which nginx says that CML is not up behind it. */
const NOT_UP: readonly number[] = [502, 503, 504];
const LONGEST_DESCRIPTION = 200;

/** Any error of a request as one of ours. It never quotes a request, so no password and no token can be in it. */
export function cmlErrorOf(error: unknown, host: string): CmlError {
  if (error instanceof CmlError) return error;
  const { name, code } = namesOf(error);
  if (name === 'TimeoutError' || name === 'AbortError') return timedOut(host);
  const failure = CERTIFICATE_CODE.test(code) ? 'certificate' : (FAILURE_OF_CODE[code] ?? 'unreadable');
  return new CmlError(failure, `${SAID[failure]} (CML server ${host}: ${code || name})`, null, {
    cause: error,
  });
}

export function timedOut(host: string): CmlError {
  return new CmlError('timeout', `${SAID.timeout} (CML server ${host})`);
}

/** @param what what is wrong with the answer, as the end of a sentence */
export function unreadable(what: string): CmlError {
  return new CmlError('unreadable', `The CML server's answer cannot be understood: ${what}.`);
}

/** What an answer means that is not the one that was asked for. @param description CML's own words, if there are any */
export function refusal(status: number, isJson: boolean, description: string | null): CmlError {
  if (NOT_UP.includes(status) || !isJson) {
    return new CmlError('not-ready', `${SAID['not-ready']} (HTTP ${status})`);
  }
  const failure = status === 401 || status === 403 ? 'credentials' : 'refused';
  const words = description === null ? '' : `: ${description.slice(0, LONGEST_DESCRIPTION)}`;
  return new CmlError(failure, `${SAID[failure]} (HTTP ${status}${words})`);
}

const SAID: Readonly<Record<CmlFailure, string>> = {
  unreachable:
    'The server cannot be reached. It may be booting; else check its security group and the address in use.',
  timeout: 'The server does not answer in time.',
  'not-ready': 'The services of CML are not up (yet).',
  certificate: 'The certificate of the server does not verify. Install one that does, or pin it.',
  credentials: 'The server refuses our account. It needs the right password and administrator rights.',
  busy: 'The server cannot do that now.',
  'nodes-running': 'Nodes run on the server, which must not be for that.',
  refused: 'The server answers an error.',
  unreadable: 'The server does not speak as a CML server does.',
};

/** By shape: an abort is a DOMException, and Node's own errors are no `instanceof Error` in another realm. */
function namesOf(error: unknown): { name: string; code: string } {
  const { name, code } = recordIn(error);
  return { name: textIn(name) ?? 'unknown error', code: textIn(code) ?? '' };
}
