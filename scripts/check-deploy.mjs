// Holds deploy/ against its own tools: those that are installed. What could not be run is said, and is no failure; what can
// be looked at without them is tested in test/deploy. --write renders the chart anew.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chartHash, RENDERINGS } from './chart-renderings.mjs';

const root = join(import.meta.dirname, '..');
const at = (...path) => join(root, ...path);
const CHART = at('deploy/helm/cml-fleet');
const TERRAFORM = at('deploy/terraform');
/** The oldest that the chart is for, and one of today. */
const KUBE_VERSIONS = ['1.27.0', '1.31.0'];
/** The provider of AWS is a large download. */
const WITHIN_MS = 300_000;

let failures = 0;
const fine = (what) => console.log(`ok       ${what}`);
const notRun = (what, why) => console.log(`not run  ${what}: ${why}`);
const bad = (what, why) => {
  failures += 1;
  console.log(`FAILED   ${what}\n${why.trim().replaceAll(/^/gm, '         ')}`);
};

/** Null when there is no such program. */
function run(program, args, options = {}) {
  const done = spawnSync(program, args, { cwd: root, encoding: 'utf8', timeout: WITHIN_MS, ...options });
  if (done.error?.code === 'ENOENT') return null;
  return { ok: done.status === 0, out: done.stdout, said: `${done.stdout}${done.stderr}${done.error ?? ''}` };
}

function judge(what, result) {
  if (result === null) notRun(what, 'not installed');
  else if (result.ok) fine(what);
  else bad(what, result.said);
  return result?.ok ?? false;
}

checkCompose();
checkHelm(process.argv.includes('--write'));
checkTerraform();
judge('promtool check config', run('promtool', ['check', 'config', 'deploy/prometheus/prometheus.yml']));
process.exitCode = failures === 0 ? 0 : 1;

function checkCompose() {
  const what = 'docker compose config';
  const version = run('docker', ['compose', 'version']);
  if (!version?.ok) notRun(what, 'docker has no compose here');
  else judge(what, run('docker', ['compose', 'config', '--quiet']));
}

function checkHelm(write) {
  if (run('helm', ['version']) === null) return notRun('helm lint, helm template', 'not installed');
  for (const [name, args] of RENDERINGS) {
    judge(`helm lint: ${name}`, run('helm', ['lint', '--strict', CHART, ...args]));
    for (const version of KUBE_VERSIONS) {
      const all = ['template', 'cml-fleet', CHART, '--kube-version', version, ...args];
      const rendered = run('helm', all);
      if (!judge(`helm template: ${name}, Kubernetes ${version}`, rendered)) continue;
      const file = at('deploy/helm/rendered', `${name}.yaml`);
      const text = `# made by npm run check:deploy -- --write of ${chartHash(CHART)}\n${rendered.out}`;
      if (write) writeFileSync(file, text);
      else if (readFileSync(file, 'utf8') !== text) bad(file, 'differs: npm run check:deploy -- --write');
    }
  }
  checkKubernetes(RENDERINGS.map(([name]) => at('deploy/helm/rendered', `${name}.yaml`)));
}

function checkKubernetes(files) {
  const result = run('kubeconform', ['-strict', '-skip', 'ServiceMonitor', ...files]);
  const lacksSchemas = /could not find schema|failed downloading schema/.test(result?.said ?? '');
  if (lacksSchemas) notRun('kubeconform', 'it cannot get its schemas');
  else judge('kubeconform', result);
}

function checkTerraform() {
  if (!judge('terraform fmt', run('terraform', ['fmt', '-check', '-diff', TERRAFORM]))) return;
  const folder = mkdtempSync(join(tmpdir(), 'cml-fleet-terraform-'));
  try {
    checkExpressions(join(folder, 'expressions'));
    checkModule(join(folder, 'module'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What needs no provider: variables, their validation, and the documents that they make. */
function checkExpressions(cwd) {
  copyTo(cwd, ['variables.tf', 'locals.tf', 'policy.json']);
  const output = 'output "all" { value = jsonencode([local.statements, local.trusts[var.trust]]) }\n';
  writeFileSync(join(cwd, 'outputs.tf'), output);
  const provider = 'arn:aws:iam::111122223333:oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/EXAMPLE';
  const plan = (...vars) =>
    run('terraform', ['plan', '-input=false', ...vars.flatMap((one) => ['-var', one])], { cwd });
  const what = 'terraform plan of the documents';
  if (!judge(`${what}: init`, run('terraform', ['init', '-input=false'], { cwd }))) return;
  judge(`${what}: irsa`, plan(`oidc_provider_arn=${provider}`));
  judge(`${what}: ec2`, plan('trust=ec2', 'cloudwatch=false'));
  for (const wrong of [
    'trust=all',
    'service_account={namespace="*",name="cml-fleet"}',
    'tags={managed-by="x"}',
  ]) {
    if (plan(wrong)?.ok) bad(what, `accepts ${wrong}`);
  }
}

/** With the provider of AWS, where it can be had. */
function checkModule(cwd) {
  copyTo(cwd, ['versions.tf', 'variables.tf', 'locals.tf', 'main.tf', 'outputs.tf', 'policy.json']);
  const what = 'terraform validate';
  const begun = run('terraform', ['init', '-backend=false', '-input=false'], { cwd });
  if (!begun?.ok) return notRun(what, 'the provider hashicorp/aws cannot be had here');
  judge(what, run('terraform', ['validate'], { cwd }));
}

function copyTo(folder, names) {
  mkdirSync(folder);
  for (const name of names) copyFileSync(join(TERRAFORM, name), join(folder, name));
}
