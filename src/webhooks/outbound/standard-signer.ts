import { randomBytes } from 'node:crypto';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { SECOND } from '../../kernel/clocks';
import { Secret } from '../../kernel/secret';
import { SecretGenerator, WebhookSigner } from '../domain/ports';

/** Signs as Standard Webhooks 1.0 says: HMAC-SHA-256 over id, time and body. */
export class StandardSigner extends WebhookSigner {
  headers(
    { id, body, at }: { readonly id: string; readonly body: string; readonly at: Date },
    secrets: readonly Secret[],
  ): Readonly<Record<string, string>> {
    const signatures = secrets.map((secret) => new StandardWebhook(secret.reveal()).sign(id, at, body));
    return {
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / SECOND)),
      'webhook-signature': signatures.join(' '),
    };
  }
}

export class RandomSecretGenerator extends SecretGenerator {
  generate(): Secret {
    return new Secret(`whsec_${randomBytes(32).toString('base64')}`);
  }
}
