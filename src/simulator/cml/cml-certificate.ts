import { X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';
import { generate } from 'selfsigned';

interface Material {
  readonly pem: string;
  /** SHA-256 of the certificate, `AB:CD:…` */
  readonly fingerprint: string;
  readonly context: SecureContext;
}

/** Valid on any clock that a test may choose. */
const NOT_BEFORE = new Date('2020-01-01T00:00:00Z');
const NOT_AFTER = new Date('2045-01-01T00:00:00Z');

/** The self-signed certificate of one CML server: made when first needed, then the same over every restart. */
export class CmlCertificate {
  private material: Promise<Material> | null = null;

  constructor(private readonly hostname: string) {}

  current(): Promise<Material> {
    this.material ??= make(this.hostname);
    return this.material;
  }

  /** A new key and certificate from the next connection on, as after a reinstallation. */
  replace(): void {
    this.material = null;
  }
}

async function make(hostname: string): Promise<Material> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: hostname }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate: NOT_BEFORE,
    notAfterDate: NOT_AFTER,
  });
  return {
    pem: cert,
    fingerprint: new X509Certificate(cert).fingerprint256,
    context: createSecureContext({ cert, key }),
  };
}
