import { aWorker, PRIVATE_IP, PUBLIC_IP, WORKER_ID } from '../../workers/testing/worker.builder';
import { OPTIONS } from '../testing/telemetry-bench';
import { CmlServers } from './cml-servers';

const serving = { ...aWorker().serving().certified('AA').state, cmlVersion: '2.9.0' };
const server = { workerId: WORKER_ID, host: PUBLIC_IP, pinnedCertificate: 'AA', credentials: null };

describe("a worker's CML server", () => {
  it('is reached at its address, and trusted by its pin', () => {
    expect(new CmlServers(OPTIONS).of(serving)).toEqual(server);
    expect(new CmlServers({ ...OPTIONS, address: 'private' }).of(serving)?.host).toBe(PRIVATE_IP);
  });

  it.each([
    ['does not run', { status: 'STOPPING' as const }, {}],
    ['has no address yet', { publicIp: null }, {}],
    ['has no account, nor the fleet', {}, { fleetAccount: false }],
  ])('is nowhere where it %s', (_name, worker, options) => {
    const servers = new CmlServers({ ...OPTIONS, ...options });
    expect([servers.of({ ...serving, ...worker }), servers.toRead({ ...serving, ...worker })]).toEqual([
      ...[null, null],
    ]);
  });

  it('is reached by an account of its own where the fleet has none', () => {
    const credentials = { username: 'ops', passwordRef: 'ref-1' };
    const worker = { ...serving, cmlCredentials: { ...credentials, fingerprint: 'f' } };
    const servers = new CmlServers({ ...OPTIONS, fleetAccount: false });
    expect([servers.of(worker), servers.toRead(worker)]).toEqual(
      Array.from({ length: 2 }, () => ({ ...server, credentials })),
    );
  });

  it('is read, but nothing is done on it, while its version is not supported', () => {
    const servers = new CmlServers(OPTIONS);
    const tooOld = { ...serving, cmlVersion: '2.6.1' };
    expect([servers.toRead(tooOld), servers.of(tooOld)]).toEqual([server, null]);
    expect(servers.of({ ...serving, cmlVersion: null })).toEqual(server);
  });
});
