/** Codes of nodemailer (its `errors.js`), and what they mean to whoever reads the log. */
const MEANINGS: Readonly<Record<string, string>> = {
  EAUTH: 'the server takes neither user name nor password',
  ENOAUTH: 'the server takes neither user name nor password',
  ETLS: 'no TLS with the server',
  EREQUIRETLS: 'no TLS with the server',
  EDNS: 'the name of the server cannot be resolved',
  ETIMEDOUT: 'the server does not answer',
  ECONNECTION: 'the connection to the server broke',
  ESOCKET: 'no connection to the server',
  ECONNREFUSED: 'no connection to the server',
  EENVELOPE: 'the server refuses sender or recipient',
  EMESSAGE: 'the server refuses the message',
  EPROTOCOL: 'the server answers what cannot be understood',
};

/** Why a message was not taken, in our own words: those of server and library may hold addresses, and what was sent. */
export function mailFailureOf(error: unknown): string {
  const { code, responseCode } = (error ?? {}) as { code?: unknown; responseCode?: unknown };
  const name = typeof code === 'string' ? code : 'unknown';
  const answer = typeof responseCode === 'number' ? `, answer ${responseCode}` : '';
  return `${MEANINGS[name] ?? 'it could not be sent'} (${name}${answer})`;
}
