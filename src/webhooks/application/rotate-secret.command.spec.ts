import { PreconditionFailed, StoreUnavailable } from '../../kernel/domain-error';
import { RandomSecretGenerator } from '../outbound/standard-signer';
import { webhooksBench } from '../testing/webhooks-bench';
import { RotateSecret, RotateSecretHandler } from './rotate-secret.command';

async function aRotation(seen: number | null = null) {
  const bench = webhooksBench();
  const { id, state } = await bench.aWebhook();
  const refs: string[] = [];
  const put = bench.vault.put.bind(bench.vault);
  jest.spyOn(bench.vault, 'put').mockImplementation(async (secret) => {
    const kept = await put(secret);
    refs.push(kept.ref);
    return kept;
  });
  const generator = new RandomSecretGenerator();
  const handler = new RotateSecretHandler(bench.webhooks, bench.vault, generator, bench.clock);
  const rotate = () => handler.execute(new RotateSecret(id, bench.context(), seen));
  /** Which of the secrets that were put into the vault since are there. */
  const kept = async () => {
    const found = await Promise.all(refs.map((ref) => bench.vault.reveal(ref)));
    return found.map((secret) => secret !== null);
  };
  return { ...bench, rotate, kept, first: state.secretRef };
}

describe('RotateSecret', () => {
  it('keeps the secret that signs and the one before, and none that is older', async () => {
    const { rotate, kept, first, vault } = await aRotation();
    await rotate();
    expect(await vault.reveal(first)).not.toBeNull();
    await rotate();
    expect([await vault.reveal(first), await kept()]).toEqual([null, [true, true]]);
  });

  it('leaves nothing behind when it is refused', async () => {
    const { rotate, kept } = await aRotation(7);
    await expect(rotate()).rejects.toThrow(PreconditionFailed);
    expect(await kept()).toEqual([false]);
  });

  it('keeps the secret when it is not known whether it signs', async () => {
    const { rotate, kept, store } = await aRotation();
    jest.spyOn(store, 'append').mockRejectedValueOnce(new StoreUnavailable('away'));
    await expect(rotate()).rejects.toThrow(StoreUnavailable);
    expect(await kept()).toEqual([true]);
  });
});
