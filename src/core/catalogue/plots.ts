import type { PathwayDocument } from "../document/document.js";
import { meant, type Fault } from "../document/fault.js";
import { LIFECYCLE_EVENTS } from "../document/lifecycle.js";
import { childPointer } from "../document/pointer.js";
import { StateTree } from "../document/tree.js";
import type { Catalogue, Plots } from "./catalogue.js";
import { fieldsOf } from "./fields.js";

/** What is plotted is there: events, their fields, parameters, and states with a task. */
export function checkPlots(document: PathwayDocument, { plots = {} }: Catalogue): Fault[] {
  const place = (section: keyof Plots, name: string): string => childPointer(`/plots/${section}`, name);
  const { series = {}, pairs = {}, doses = {}, adherence = {} } = plots;
  return [
    ...Object.entries(series).flatMap(([name, { values, lines }]) => [
      ...values.flatMap(({ event, field }, index) =>
        eventFaults(document, event, { field }, `${place("series", name)}/values/${index}`),
      ),
      ...lineFaults(document, lines, place("series", name)),
    ]),
    ...Object.entries(pairs).flatMap(
      ([
        name,
        {
          event,
          fields: [first, second],
        },
      ]) => {
        const pointer = place("pairs", name);
        return eventFaults(document, event, { "fields/0": first, "fields/1": second }, pointer);
      },
    ),
    ...Object.entries(doses).flatMap(([plot, { values, lines }]) => [
      ...values.flatMap(({ event, name, amount }, index) =>
        eventFaults(document, event, { name, amount }, `${place("doses", plot)}/values/${index}`),
      ),
      ...lineFaults(document, lines, place("doses", plot)),
    ]),
    ...Object.entries(adherence).flatMap(([name, { state }]) =>
      stateFaults(document, state, `${place("adherence", name)}/state`),
    ),
  ];
}

function eventFaults(
  document: PathwayDocument,
  type: string,
  fields: Record<string, string>,
  pointer: string,
): Fault[] {
  const types = [...Object.keys(LIFECYCLE_EVENTS), ...Object.keys(document.events)];
  if (!types.includes(type)) return [plotted(type, types, "event", `${pointer}/event`)];
  const known = [...fieldsOf(document, type).keys()];
  return Object.entries(fields)
    .filter(([, field]) => !known.includes(field))
    .map(([key, field]) => plotted(field, known, "field", `${pointer}/${key}`));
}

function lineFaults({ parameters }: PathwayDocument, lines: readonly string[] = [], pointer: string): Fault[] {
  return lines.flatMap((name, index) =>
    Object.hasOwn(parameters, name)
      ? []
      : [plotted(name, Object.keys(parameters), "parameter", `${pointer}/lines/${index}`)],
  );
}

function stateFaults(document: PathwayDocument, state: string, pointer: string): Fault[] {
  const known = new StateTree(document).nodes.filter(({ config }) => config.meta?.task).map(({ path }) => path);
  return known.includes(state) ? [] : [plotted(state, known, "state with a task", pointer)];
}

function plotted(name: string, known: readonly string[], kind: string, pointer: string): Fault {
  return { message: `The catalogue plots the unknown ${kind} \`${name}\`: ${meant(name, known, kind)}.`, pointer };
}
