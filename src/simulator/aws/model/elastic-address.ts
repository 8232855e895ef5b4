import { Timeline } from '../../timeline';
import { type Tags } from './tags';

/** An Elastic IP address that nobody uses, and that costs money all the same. */
export class ElasticAddress {
  readonly tags = new Timeline<Tags>();
  releasedAt: Date | null = null;

  constructor(
    readonly id: string,
    readonly publicIp: string,
    readonly createdAt: Date,
    tags: Tags,
  ) {
    this.tags.set(createdAt, tags);
  }

  existsAt(time: Date): boolean {
    return this.createdAt <= time && !(this.releasedAt && this.releasedAt <= time);
  }
}
