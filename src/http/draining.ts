import { Injectable } from '@nestjs/common';
import { type RequestHandler } from 'express';

/**
 * The end of a process as its clients see it: from `begin` on, each answer says that its connection is closed, so that
 * the next request goes to another process. Nobody is refused.
 */
@Injectable()
export class Draining {
  private begun = false;

  begin(): void {
    this.begun = true;
  }

  readonly middleware: RequestHandler = (_request, response, next) => {
    if (this.begun) response.set('Connection', 'close');
    next();
  };
}
