import { type ChannelName } from './domain/posting';
import { type NoticeChannel } from './domain/ports';

/** The ways to people that this process has. */
export class NoticeChannelList {
  constructor(readonly channels: readonly NoticeChannel[]) {}

  get names(): readonly ChannelName[] {
    return this.channels.map(({ name }) => name);
  }

  async close(): Promise<void> {
    await Promise.all(this.channels.map((channel) => channel.close()));
  }
}
