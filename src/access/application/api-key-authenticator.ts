import { type MachineClock } from '../../kernel/clocks';
import { type Principal } from '../../kernel/principal';
import { type ApiKeyDirectory } from './api-key-directory';
import { hashOfKey } from './key-text';
import { type KeyUseRecorder } from './key-use-recorder';

const ACTOR = 'api-key:';

/** Recognises API keys that are neither revoked nor expired (machine time), and notes their use. */
export class ApiKeyAuthenticator {
  constructor(
    private readonly directory: ApiKeyDirectory,
    private readonly uses: KeyUseRecorder,
    private readonly clock: MachineClock,
  ) {}

  /** Whether the caller came with an API key. */
  isOfKey({ actor }: Pick<Principal, 'actor'>): boolean {
    return actor.startsWith(ACTOR);
  }

  isStillValid({ actor }: Pick<Principal, 'actor'>): boolean {
    return this.isOfKey({ actor }) && this.directory.isUsable(actor.slice(ACTOR.length), this.clock.now());
  }

  onChange(listener: () => void): () => void {
    return this.directory.listen(listener);
  }

  authenticate(bearer: string): Promise<Principal | null> {
    const now = this.clock.now();
    const found = this.directory.usable(hashOfKey(bearer), now);
    if (!found) return Promise.resolve(null);
    void this.uses.note(found.id, now);
    const { name, role, expiresAt } = found.state;
    return Promise.resolve({ actor: ACTOR + found.id, name, grants: [{ role, scope: null }], expiresAt });
  }
}
