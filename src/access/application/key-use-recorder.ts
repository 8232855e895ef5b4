import { Logger } from '@nestjs/common';
import { MINUTE } from '../../kernel/clocks';
import { type KeyUsage } from '../domain/ports';

/** Notes when keys are used, beside the requests that use them: each key once a minute at most. */
export class KeyUseRecorder {
  private readonly logger = new Logger('KeyUse');
  private readonly noted = new Map<string, Date>();

  constructor(private readonly usage: KeyUsage) {}

  /** Resolves when it is written, or not; never rejects. */
  async note(keyId: string, now: Date): Promise<void> {
    const last = this.noted.get(keyId);
    if (last && now.getTime() - last.getTime() < MINUTE) return;
    this.noted.set(keyId, now);
    try {
      await this.usage.record(keyId, now);
    } catch (error) {
      this.logger.warn({ err: error, keyId }, 'could not note the use of an API key');
    }
  }
}
