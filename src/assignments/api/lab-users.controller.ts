import { Body, Controller, Get, Inject, Param, Put, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { type z } from 'zod';
import {
  Answers,
  decodeCursor,
  IfMatch,
  page,
  type Page,
  pageQuery,
  Problems,
  RequestContext,
  RequiresRole,
  WithETag,
} from '../../http';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { ASSIGNMENTS_OPTIONS, type AssignmentsOptions } from '../application/assignments.options';
import { GetUser } from '../application/get-user.query';
import { ListUsers } from '../application/list-users.query';
import { SetQuota } from '../application/set-quota.command';
import { type LabUser } from '../domain/lab-user';
import { userId } from './assignments.schemas';
import * as schemas from './lab-users.schemas';

@ApiTags('assignments')
@RequiresRole('admin')
@Controller('api/v1/users')
export class LabUsersController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly clock: FleetClock,
    @Inject(ASSIGNMENTS_OPTIONS) private readonly options: AssignmentsOptions,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'List the users of workers',
    description: 'Those to whom something was ever assigned, or who have a quota of their own; by their ids.',
  })
  @Answers(200, schemas.labUserPage, {
    description: 'One page of users',
    example: schemas.LAB_USER_PAGE_EXAMPLE,
  })
  async list(
    @Query({ schema: pageQuery }) { limit, cursor }: z.output<typeof pageQuery>,
  ): Promise<Page<schemas.LabUserSummary>> {
    const after = decodeCursor(cursor, schemas.labUserPlace)?.userId ?? null;
    const found = await this.queries.execute(new ListUsers(limit + 1, after));
    const { items, nextCursor } = page(found, limit, ({ state }) => ({ userId: state.userId }));
    const now = this.clock.now();
    return { items: items.map((it) => schemas.toSummary(it, this.options.userWorkers, now)), nextCursor };
  }

  @Get(':userId')
  @ApiOperation({
    summary: 'Show a user of workers: the quota, and what is assigned',
    description: 'One of whom nothing is known yet has version 0, the default quota and no assignments.',
  })
  @Answers(200, schemas.labUserView, { description: 'The user', example: schemas.LAB_USER_EXAMPLE })
  @WithETag()
  async get(@Param('userId', { schema: userId }) id: string): Promise<schemas.LabUserView> {
    return this.view(await this.queries.execute(new GetUser(id)), id);
  }

  @Put(':userId/quota')
  @ApiOperation({
    summary: 'Set how many workers may be assigned to a user at the same moment',
    description: 'Also of one of whom nothing is known yet. It ends nothing that is assigned already.',
  })
  @Answers(200, schemas.labUserView, { description: 'The user', example: schemas.LAB_USER_EXAMPLE })
  @Problems('version-conflict')
  @WithETag()
  async setQuota(
    @Param('userId', { schema: userId }) id: string,
    @Body({ schema: schemas.quotaBody }) { workers, reason }: z.output<typeof schemas.quotaBody>,
    @RequestContext() context: CommandContext,
    @IfMatch() version: number | null,
  ): Promise<schemas.LabUserView> {
    const user = await this.commands.execute(new SetQuota(id, workers, { ...context, reason }, version));
    return this.view(user, id);
  }

  private view(user: LabUser, id: string): schemas.LabUserView {
    return schemas.toUserView(user, id, this.options.userWorkers, this.clock.now());
  }
}
