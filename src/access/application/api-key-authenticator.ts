import { type MachineClock } from '../../kernel/clocks';
import { type Principal } from '../../kernel/principal';
import { Secret } from '../../kernel/secret';
import { grantOf } from '../domain/grant-of';
import { type ApiKeyDirectory } from './api-key-directory';
import { traceOfKey } from './key-text';
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

  /** Whether the very text by which the caller was recognised still opens. */
  isStillValid(principal: Principal): boolean {
    const id = principal.actor.slice(ACTOR.length);
    return (
      this.isOfKey(principal) && this.directory.isUsable(id, Number(principal.credential), this.clock.now())
    );
  }

  onChange(listener: () => void): () => void {
    return this.directory.listen(listener);
  }

  authenticate(bearer: string): Promise<Principal | null> {
    const now = this.clock.now();
    const found = this.directory.recognise(traceOfKey(new Secret(bearer)), now);
    if (!found) return Promise.resolve(null);
    const { id, state, rotation, goodUntil } = found;
    void this.uses.note(id, now);
    return Promise.resolve({
      actor: ACTOR + id,
      name: state.name,
      grants: [grantOf(state)],
      expiresAt: goodUntil,
      credential: String(rotation),
    });
  }
}
