import { BlockedTarget } from '../../outbound';

const UNRESOLVED = ['ENOTFOUND', 'EAI_AGAIN', 'ENODATA'];
/** Node's and OpenSSL's codes for certificates that do not hold (Node's documentation of tls, "X509 error codes"). */
const CERTIFICATE = /CERT|SIGNATURE|CRL|UNABLE_TO_|HOSTNAME_MISMATCH|ALTNAME/;

/** Why there was no answer, in our own words: those of the error might hold parts of the URL. */
export function failureOf(error: unknown): string {
  if (error instanceof BlockedTarget) return error.message;
  const code = codeOf(error);
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return 'no connection within 5 s';
  if (UNRESOLVED.includes(code)) return `the name cannot be resolved (${code})`;
  if (CERTIFICATE.test(code)) return `the certificate cannot be trusted (${code})`;
  return `no answer (${code})`;
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'unknown';
  const { code, name } = error as { code?: unknown; name?: unknown };
  if (typeof code === 'string') return code;
  return typeof name === 'string' ? name : 'unknown';
}
