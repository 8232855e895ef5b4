import { Controller, Get, Header } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Registry } from 'prom-client';
import { AnswersText, RequiresRole } from '../../http';
import { MetricsRegistry } from '../metrics-registry';

const TYPE = Registry.PROMETHEUS_CONTENT_TYPE;

const EXAMPLE = `# HELP cml_fleet_aws_calls_total Requests to AWS that were made, repetitions included
# TYPE cml_fleet_aws_calls_total counter
cml_fleet_aws_calls_total{region="us-east-1",service="ec2",action="DescribeInstances",outcome="ok"} 42
`;

@ApiTags('metrics')
@Controller('metrics')
export class MetricsController {
  constructor(private readonly registry: MetricsRegistry) {}

  @Get()
  @RequiresRole('viewer')
  @Header('Content-Type', TYPE)
  @ApiOperation({ summary: 'Metrics of the process that answers, for Prometheus' })
  @AnswersText(TYPE, { description: 'All metrics, in the text format of Prometheus', example: EXAMPLE })
  list(): Promise<string> {
    return this.registry.metrics();
  }
}
