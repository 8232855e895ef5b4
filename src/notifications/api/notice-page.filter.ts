import { Catch } from '@nestjs/common';
import { type Response } from 'express';
import { type Finding, ProblemDetailsFilter, titleOf } from '../../http';
import { messagePage } from './link-page';
import { sendPage } from './send-page';

/** Errors as pages, for people who came by a link. */
@Catch()
export class NoticePageFilter extends ProblemDetailsFilter {
  protected override answer(response: Response, { status, code, detail }: Finding): void {
    sendPage(response, messagePage(status, titleOf(code), detail));
  }
}
