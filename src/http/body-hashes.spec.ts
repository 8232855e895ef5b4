import { createHash } from 'node:crypto';
import { BodyHashes } from './body-hashes';

const OLD = { kid: 'old', key: Buffer.alloc(32, 1) };
const NEW = { kid: 'new', key: Buffer.alloc(32, 2) };
const BODY = '{"password":"Monday"}';
const sha256 = createHash('sha256').update(BODY).digest('hex');

describe('the hash of a body', () => {
  it('is the same in each process with the ring, and another for another body', () => {
    const { hash } = new BodyHashes([NEW]).of(BODY);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(new BodyHashes([NEW]).of(BODY).hash).toBe(hash);
    expect(new BodyHashes([NEW]).of('{}').hash).not.toBe(hash);
  });

  it('cannot be told without the key', () => {
    const { hash } = new BodyHashes([NEW]).of(BODY);
    expect(hash).not.toBe(sha256);
    expect(new BodyHashes([OLD]).of(BODY).hash).not.toBe(hash);
  });

  it('is known as it was kept with a former key, or with none', () => {
    const { hash: before } = new BodyHashes([OLD]).of(BODY);
    expect(new BodyHashes([NEW, OLD]).of(BODY).former).toEqual([before, sha256]);
  });

  it('needs a key', () => {
    expect(() => new BodyHashes([])).toThrow('the key ring is empty');
  });
});
