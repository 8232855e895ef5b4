import { type MachineClock } from '../kernel/clocks';
import { type Secret } from '../kernel/secret';
import { StandardSigner, TargetNetworks, UndiciPoster } from '../webhooks';
import { EmailChannel } from './channels/email-channel';
import { SlackChannel } from './channels/slack-channel';
import { WebhookChannel } from './channels/webhook-channel';
import { type NoticeChannel } from './domain/ports';

/** The ways to people that are set up; null: this one is not. */
export interface NoticeChannelsOptions {
  readonly webhook: { readonly url: Secret; readonly secret: Secret } | null;
  readonly slack: { readonly url: Secret } | null;
  readonly email: { readonly url: Secret; readonly from: string; readonly to: readonly string[] } | null;
  /** networks that are not public and may be sent to all the same, in CIDR notation */
  readonly allowedNetworks: readonly string[];
}

/** @throws Error for a URL that must not be sent to; it does not hold it */
export function noticeChannels(options: NoticeChannelsOptions, clock: MachineClock): NoticeChannel[] {
  const { webhook, slack, email, allowedNetworks } = options;
  const networks = new TargetNetworks(allowedNetworks);
  const checked = (name: string, url: Secret) => {
    const fault = networks.faultOf(url.reveal());
    if (fault !== null) throw new Error(`${name} ${fault}`);
    // connections of its own: one receiver that hangs holds up no other
    return { url, poster: new UndiciPoster({ networks, clock }) };
  };
  return [
    ...(webhook
      ? [
          new WebhookChannel({
            ...checked('FLEET_NOTICE_WEBHOOK_URL', webhook.url),
            ...{ secret: webhook.secret, signer: new StandardSigner(), clock },
          }),
        ]
      : []),
    ...(slack ? [new SlackChannel(checked('FLEET_NOTICE_SLACK_URL', slack.url))] : []),
    ...(email ? [new EmailChannel(email)] : []),
  ];
}
