import { Controller, Get, Optional } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { type z } from 'zod';
import { Answers, Caller, grantView, type Principal, RequiresRole, Scoped } from '../../http';
import { type MoreRights, RightsDetails } from '../domain/rights-ports';
import { me, meExample } from './me.schemas';

/** Of a caller in an application without assignments. */
const NOTHING_MORE: MoreRights = { quota: null, assignments: [] };

@ApiTags('me')
@RequiresRole('user')
@Scoped()
@Controller('api/v1/me')
export class MeController {
  constructor(@Optional() private readonly details?: RightsDetails) {}

  @Get()
  @ApiOperation({
    summary: 'Who you are, and what you may do',
    description: 'A grant is a role in a part of the fleet; a role may do what smaller ones may.',
  })
  @Answers(200, me, { description: 'Your rights at this moment', example: meExample })
  async rights(@Caller() { actor, name, grants, expiresAt }: Principal): Promise<z.input<typeof me>> {
    const { quota, assignments } = (await this.details?.of(actor)) ?? NOTHING_MORE;
    return { actor, name, grants: grants.map(grantView), expiresAt, quota, assignments: [...assignments] };
  }
}
