import { type QueryBus } from '@nestjs/cqrs';
import { SystemClock } from '../../src/kernel/clocks';
import { RandomIds } from '../../src/kernel/ids';
import { Secret } from '../../src/kernel/secret';
import { LicenseRequests } from '../../src/licensing/application/license-requests';
import {
  RequestLicense,
  RequestLicenseHandler,
} from '../../src/licensing/application/request-license.command';
import { type LicensePoolRepository } from '../../src/licensing/domain/license-pool-ports';
import { MortalProcess } from '../../src/licensing/testing/mortal-process';
import { type Operations } from '../../src/operations';
import { type AcceptedOperation } from '../../src/operations/application/operations';
import { SealedSecretVault } from '../../src/secrets/sealed-secret-vault';
import { SecretCipher } from '../../src/secrets/secret-cipher';
import { MemorySecretRows } from '../../src/secrets/memory-secret-rows';
import { LicenseBench, TOKEN, WORKER } from './license-bench';

const OWN = { productLicense: null, features: [], transport: null, reregister: false };
const [OLD, NEW] = ['k1', 'k2'].map((kid) => ({ kid, key: Buffer.alloc(32, kid) })) as [Key, Key];
type Key = { kid: string; key: Buffer };

/** Each request by a process with another ring of keys over the same vault; what was asked for before has ended. */
async function bench() {
  const fleet = await new LicenseBench().begin();
  const { licenses, queries } = fleet.process(new MortalProcess(null)).services;
  const rows = new MemorySecretRows();
  const vault = (...keys: Key[]) =>
    new SealedSecretVault(rows, new SecretCipher(keys), new RandomIds(), new SystemClock());
  const operations = {
    accept: (order: AcceptedOperation) => Promise.resolve(order),
    find: () => Promise.resolve({ state: 'succeeded' }),
  } as unknown as Operations;
  const ask = async (token: string, ...keys: Key[]) => {
    const requests = new LicenseRequests(licenses, operations, fleet.clock);
    const pools = {} as LicensePoolRepository;
    const handler = new RequestLicenseHandler(requests, licenses, pools, vault(...keys), queries as QueryBus);
    const source = { token: new Secret(token) };
    await handler.execute(new RequestLicense(WORKER, { ...OWN, source }, fleet.context()));
    const { wanted } = (await licenses.of(WORKER)).state;
    return { ref: wanted?.tokenRef ?? '', fingerprint: wanted?.fingerprint };
  };
  return { ask, vault };
}

describe('a token of its own that is given again', () => {
  it('is the same one, also after the first key of the ring was changed', async () => {
    const { ask, vault } = await bench();
    const first = await ask(TOKEN, OLD);
    expect(await ask(TOKEN, NEW, OLD)).toEqual(first);
    expect((await vault(NEW, OLD).reveal(first.ref))?.reveal()).toBe(TOKEN);
  });

  it('takes the place of another one, which leaves the vault', async () => {
    const { ask, vault } = await bench();
    const first = await ask(TOKEN, OLD);
    const second = await ask('another', OLD);
    expect(second.fingerprint).not.toBe(first.fingerprint);
    expect(await vault(OLD).reveal(first.ref)).toBeNull();
    expect((await vault(OLD).reveal(second.ref))?.reveal()).toBe('another');
  });
});
