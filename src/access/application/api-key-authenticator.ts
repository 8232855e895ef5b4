import { type MachineClock } from '../../kernel/clocks';
import { type KeyRole } from '../domain/api-key-events';
import { type ApiKeyDirectory } from './api-key-directory';
import { hashOfKey } from './key-text';
import { type KeyUseRecorder } from './key-use-recorder';

/** Who an API key belongs to. */
export interface KeyHolder {
  readonly actor: string;
  readonly name: string;
  readonly role: KeyRole;
  readonly keyId: string;
}

/** Recognises API keys that are neither revoked nor expired (machine time), and notes their use. */
export class ApiKeyAuthenticator {
  constructor(
    private readonly directory: ApiKeyDirectory,
    private readonly uses: KeyUseRecorder,
    private readonly clock: MachineClock,
  ) {}

  isStillValid({ keyId }: Pick<KeyHolder, 'keyId'>): boolean {
    return this.directory.isUsable(keyId, this.clock.now());
  }

  onChange(listener: () => void): () => void {
    return this.directory.listen(listener);
  }

  authenticate(bearer: string): Promise<KeyHolder | null> {
    const now = this.clock.now();
    const found = this.directory.usable(hashOfKey(bearer), now);
    if (!found) return Promise.resolve(null);
    void this.uses.note(found.id, now);
    const { name, role } = found.state;
    return Promise.resolve({ actor: `api-key:${found.id}`, name, role, keyId: found.id });
  }
}
