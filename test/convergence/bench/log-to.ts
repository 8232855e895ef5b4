import { inspect } from 'node:util';
import { type LoggerService } from '@nestjs/common';
import { type Story } from './story';

/** What the parts log of themselves is a part of the story, and their errors are harms. */
export function logTo(story: Story): LoggerService {
  const words = (given: unknown[]): string =>
    given
      .map((one) => (typeof one === 'string' ? one : inspect(one, { depth: 3, breakLength: 200 })))
      .join(' ');
  return {
    log: (...given: unknown[]) => story.tell(words(given)),
    warn: (...given: unknown[]) => story.tell(words(given)),
    error: (...given: unknown[]) => story.harm(words(given)),
  };
}
