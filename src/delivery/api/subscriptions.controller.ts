import { Controller, Get, Param, Post } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Answers, Problems, RequiresRole } from '../../http';
import { ListParkedStreams } from '../application/list-parked-streams.query';
import { ListSubscriptions } from '../application/list-subscriptions.query';
import { RetryParkedStreams } from '../application/retry-parked-streams.command';
import * as schemas from './subscriptions.schemas';

const pathName = z.string().min(1).max(300);

@ApiTags('subscriptions')
@Controller('api/v1/subscriptions')
export class SubscriptionsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Get()
  @RequiresRole('viewer')
  @ApiOperation({
    summary: 'How far the consumers of the event log are',
    description: 'Read models, processes and webhooks each follow the log at their own position.',
  })
  @Answers(200, schemas.subscriptionList, {
    description: 'All subscriptions, by name',
    example: schemas.SUBSCRIPTIONS_EXAMPLE,
  })
  async list(): Promise<z.input<typeof schemas.subscriptionList>> {
    return { items: await this.queries.execute(new ListSubscriptions()) };
  }

  @Get(':name/parked')
  @RequiresRole('viewer')
  @ApiOperation({
    summary: 'The streams that a subscription has put aside',
    description: 'Later events of such a stream wait, so that they stay in order; other streams go on.',
  })
  @Answers(200, schemas.parkedStreamList, {
    description: 'Streams, by name, with what failed',
    example: schemas.PARKED_EXAMPLE,
  })
  @Problems('subscription-not-found')
  async parked(
    @Param('name', { schema: pathName }) name: string,
  ): Promise<z.input<typeof schemas.parkedStreamList>> {
    return { items: await this.queries.execute(new ListParkedStreams(name)) };
  }

  @Post(':name/parked/retry')
  @RequiresRole('admin')
  @ApiOperation({ summary: 'Let a subscription try all streams again that it has put aside' })
  @Answers(202, schemas.retriedStreams, {
    description: 'They are tried again, each from the event that failed',
    example: schemas.RETRIED_EXAMPLE,
  })
  @Problems('subscription-not-found')
  async retryAll(
    @Param('name', { schema: pathName }) name: string,
  ): Promise<z.input<typeof schemas.retriedStreams>> {
    return { streams: await this.commands.execute(new RetryParkedStreams(name, null)) };
  }

  @Post(':name/parked/:stream/retry')
  @RequiresRole('admin')
  @ApiOperation({ summary: 'Let a subscription try one stream again that it has put aside' })
  @Answers(202, schemas.retriedStreams, {
    description: 'It is tried again, from the event that failed',
    example: schemas.RETRIED_EXAMPLE,
  })
  @Problems('subscription-not-found', 'parked-stream-not-found')
  async retry(
    @Param('name', { schema: pathName }) name: string,
    @Param('stream', { schema: pathName }) stream: string,
  ): Promise<z.input<typeof schemas.retriedStreams>> {
    return { streams: await this.commands.execute(new RetryParkedStreams(name, stream)) };
  }
}
