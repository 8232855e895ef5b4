import { Inject, Injectable, Logger } from '@nestjs/common';
import { FleetClock } from '../../kernel/clocks';
import { systemContext } from '../../kernel/command-context';
import { VersionConflict } from '../../kernel/domain-error';
import { derivedId, IdSource } from '../../kernel/ids';
import { type Secret } from '../../kernel/secret';
import { ApiKey } from '../domain/api-key';
import { ApiKeyRepository, KeyGenerator } from '../domain/ports';
import { ApiKeyDirectory } from './api-key-directory';
import { traceOfKey } from './key-text';

export interface BootstrapOptions {
  /** the first admin's key, ≥ 32 characters; of no effect once any key exists */
  readonly bootstrapKey: Secret | null;
  /** without a bootstrap key, gets one that was made up, to be shown once; null: that is not wanted */
  readonly onGenerated: ((key: Secret) => void) | null;
}

/** DI token of the BootstrapOptions. */
export const BOOTSTRAP_OPTIONS = Symbol('BOOTSTRAP_OPTIONS');

/** There is no API key yet and none can be made: nobody could use the API. */
export class NoFirstKey extends Error {
  constructor() {
    super(
      'Nobody could use the API: there is no API key yet. Set FLEET_BOOTSTRAP_ADMIN_KEY to the first admin key, ' +
        'of at least 32 characters, for example: export FLEET_BOOTSTRAP_ADMIN_KEY=$(openssl rand -hex 24)',
    );
  }
}

/** The same in every process, so that the event store lets only one of them in. */
const BOOTSTRAP_ID = derivedId('api-key', 'bootstrap');

/** Makes the first admin's key where no key was ever created. */
@Injectable()
export class BootstrapAdmin {
  private readonly logger = new Logger('Access');

  constructor(
    private readonly directory: ApiKeyDirectory,
    private readonly keys: ApiKeyRepository,
    private readonly generator: KeyGenerator,
    private readonly clock: FleetClock,
    private readonly ids: IdSource,
    @Inject(BOOTSTRAP_OPTIONS) private readonly options: BootstrapOptions,
  ) {}

  /** The directory must be up to date. @throws Error when there is no key at all, and none to make */
  async run(): Promise<void> {
    if (!this.directory.isEmpty) return;
    const { bootstrapKey, onGenerated } = this.options;
    const key = bootstrapKey ?? (onGenerated && this.generator.generate());
    if (!key) throw new NoFirstKey();
    const isOurs = await this.add(key);
    if (isOurs && !bootstrapKey) onGenerated?.(key);
  }

  /** False if another process made the first key at the same moment. */
  private async add(key: Secret): Promise<boolean> {
    const context = systemContext('bootstrap', this.ids.next(), { reason: 'first start' });
    const first = ApiKey.create(BOOTSTRAP_ID, {
      name: 'bootstrap',
      role: 'admin',
      scope: null,
      ...traceOfKey(key),
      expiresAt: null,
      createdAt: this.clock.now(),
      createdBy: context.actor,
    });
    try {
      await this.keys.add(first, context);
      return true;
    } catch (error) {
      if (!(error instanceof VersionConflict)) throw error;
      this.logger.log('another process made the first admin key');
      return false;
    }
  }
}
