import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { ParkedStreams, Subscriptions } from '../../event-store';
import { MachineClock } from '../../kernel/clocks';
import { ParkedStreamNotFound, SubscriptionNotFound } from '../domain/delivery-errors';

/**
 * Lets the owner of a subscription try one stream again, or all that are put aside, from the commit that failed, with a
 * fresh count of tries. Answers their names. @throws SubscriptionNotFound, ParkedStreamNotFound
 */
export class RetryParkedStreams extends Command<string[]> {
  constructor(
    readonly subscription: string,
    /** null: all */
    readonly stream: string | null,
  ) {
    super();
  }
}

@CommandHandler(RetryParkedStreams)
export class RetryParkedStreamsHandler implements ICommandHandler<RetryParkedStreams> {
  constructor(
    private readonly subscriptions: Subscriptions,
    private readonly parked: ParkedStreams,
    private readonly clock: MachineClock,
  ) {}

  async execute({ subscription, stream }: RetryParkedStreams): Promise<string[]> {
    const states = await this.subscriptions.list();
    if (!states.some(({ name }) => name === subscription)) throw new SubscriptionNotFound(subscription);
    const rows = await this.parked.of(subscription);
    const wanted = stream === null ? rows.map((row) => row.stream) : [stream];
    const retried: string[] = [];
    for (const name of wanted) {
      if (await this.parked.retry(subscription, name, this.clock.now())) retried.push(name);
    }
    if (stream !== null && retried.length === 0) throw new ParkedStreamNotFound(subscription, stream);
    return retried;
  }
}
