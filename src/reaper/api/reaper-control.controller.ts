import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Answers, givenTime, Problems, RequestContext, RequiresRole } from '../../http';
import { type CommandContext } from '../../kernel/command-context';
import { GetReaperControl, type ReaperControlNow } from '../application/get-reaper-control.query';
import { PauseReaper } from '../application/pause-reaper.command';
import { ResumeReaper } from '../application/resume-reaper.command';
import { CONTROL_EXAMPLE, reaperControlView } from './reaper-control.view';

const reason = z.string().trim().min(1).max(500);

const pauseBody = z
  .strictObject({
    reason,
    until: givenTime.nullable().default(null).describe('Fleet time; null: until it is resumed'),
  })
  .meta({ id: 'ReaperPauseRequest' });

const resumeBody = z.strictObject({ reason }).meta({ id: 'ReaperResumeRequest' });

/** The switch over all automatic stops. */
@ApiTags('reaper')
@Controller('api/v1/reaper')
export class ReaperControlController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Get('control')
  @RequiresRole('viewer')
  @ApiOperation({ summary: 'What holds automatic stops off: pause, breaker and budgets as they stand' })
  @Answers(200, reaperControlView, { description: 'As of now', example: CONTROL_EXAMPLE })
  control(): Promise<ReaperControlNow> {
    return this.queries.execute(new GetReaperControl());
  }

  @Post('pause')
  @HttpCode(200)
  @RequiresRole('admin')
  @ApiOperation({ summary: 'No automatic stop from now on, also of a turn that is under way' })
  @Answers(200, reaperControlView, { description: 'The control, paused', example: CONTROL_EXAMPLE })
  @Problems('invalid-input')
  async pause(
    @Body({ schema: pauseBody }) { reason, until }: z.output<typeof pauseBody>,
    @RequestContext() context: CommandContext,
  ): Promise<ReaperControlNow> {
    await this.commands.execute(new PauseReaper(reason, until, { ...context, reason }));
    return this.control();
  }

  @Post('resume')
  @HttpCode(200)
  @RequiresRole('admin')
  @ApiOperation({ summary: 'Automatic stops go on: ends a pause, and closes the breaker' })
  @Answers(200, reaperControlView, {
    description: 'The control, resumed',
    example: { ...CONTROL_EXAMPLE, pause: null },
  })
  async resume(
    @Body({ schema: resumeBody }) { reason }: z.output<typeof resumeBody>,
    @RequestContext() context: CommandContext,
  ): Promise<ReaperControlNow> {
    await this.commands.execute(new ResumeReaper(reason, { ...context, reason }));
    return this.control();
  }
}
