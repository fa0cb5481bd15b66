import { parser } from "@prometheus-io/lezer-promql";

export interface Selector {
  metric: string;
  matchers: { label: string; operator: string; value: string }[];
}

/** What an expression selects, and the labels that it groups by; throws where Prometheus could not read it. */
export function readPromQl(text: string): { selectors: Selector[]; groupedBy: string[] } {
  // Grafana puts a duration there.
  const expression = text.replaceAll("$__rate_interval", "5m");
  const at = ({ from, to }: { from: number; to: number }): string => expression.slice(from, to);
  const selectors: Selector[] = [];
  const groupedBy: string[] = [];
  parser.parse(expression).iterate({
    enter(node) {
      if (node.type.isError) throw new Error(`At ${node.from}, this is no PromQL: ${expression}`);
      const { node: found } = node;
      if (node.name === "VectorSelector") selectors.push({ metric: at(found.getChild("Identifier")!), matchers: [] });
      if (node.name === "UnquotedLabelMatcher") {
        const [label, operator, value] = [found.firstChild!, found.firstChild!.nextSibling!, found.lastChild!];
        selectors.at(-1)!.matchers.push({ label: at(label), operator: at(operator), value: at(value).slice(1, -1) });
      }
      if (node.name === "LabelName" && found.parent!.name === "GroupingLabels") groupedBy.push(at(found));
    },
  });
  return { selectors, groupedBy };
}
