import { type Lab } from './lab';

/** The lab as CML exports it: YAML, the same as long as nobody edits the lab. Nodes stand in a ring. */
export function topology(lab: Lab): string {
  const text = JSON.stringify;
  const lines = ['lab:', "  description: ''", `  notes: ${text(lab.notes)}`, `  title: ${text(lab.title)}`];
  lines.push('  version: 0.2.2', 'links:');
  for (const index of lab.nodes.keys()) {
    const next = (index + 1) % lab.nodes.length;
    lines.push(`  - id: l${index}`, `    n1: n${index}`, `    n2: n${next}`, '    i1: i1', '    i2: i2');
    lines.push(`    label: n${index}-n${next}`);
  }
  lines.push('nodes:');
  for (const [index, { label }] of lab.nodes.entries()) {
    lines.push(`  - id: n${index}`, `    label: ${label}`, '    node_definition: iosv');
    lines.push(`    x: ${index * 120}`, '    y: 0', '    configuration: |-', `      hostname ${label}`);
    lines.push('      enable secret simulated', '    interfaces:');
    for (const slot of [0, 1]) {
      lines.push(`      - id: i${slot + 1}`, `        slot: ${slot}`, '        type: physical');
      lines.push(`        label: GigabitEthernet0/${slot}`);
    }
  }
  return `${lines.join('\n')}\n`;
}
