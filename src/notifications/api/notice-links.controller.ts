import { Body, Controller, Get, Param, Post, Res, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { type Response } from 'express';
import { Public } from '../../http';
import { type LinkWish } from '../application/link-answer';
import { NoticeLinks } from '../application/notice-links';
import { pageOf } from './link-page';
import { NoticePageFilter } from './notice-page.filter';
import { sendPage } from './send-page';

/**
 * The pages that the links of notices lead to. Who holds a link may do the one thing that it is good for, without a key.
 * A GET asks only, so that a program which follows the links of a mail does nothing.
 */
@ApiExcludeController()
@Public()
@UseFilters(NoticePageFilter)
@Controller('notices')
export class NoticeLinksController {
  constructor(private readonly links: NoticeLinks) {}

  @Get(':token')
  async look(@Param('token') token: string, @Res() response: Response): Promise<void> {
    sendPage(response, pageOf(await this.links.look(token)));
  }

  @Post(':token')
  async press(
    @Param('token') token: string,
    @Body() body: unknown,
    @Res() response: Response,
  ): Promise<void> {
    sendPage(response, pageOf(await this.links.press(token, wishIn(body))));
  }
}

/** What cannot be read is nothing: the page asks again. A time goes before the choice of minutes; both are UTC. */
function wishIn(body: unknown): LinkWish {
  const { minutes, until } = (body ?? {}) as { minutes?: unknown; until?: unknown };
  if (typeof until === 'string' && until !== '') {
    const isTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/.test(until);
    const time = new Date(`${until}Z`);
    return isTime && !Number.isNaN(time.getTime()) ? { until: time } : {};
  }
  return typeof minutes === 'string' && /^\d{1,5}$/.test(minutes) ? { minutes: Number(minutes) } : {};
}
