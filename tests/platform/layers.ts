/**
 * Who may import whom, as one table: `.oxlintrc.json` takes its overrides from here (`npm run layers` writes them), since
 * overrides of oxlint replace each other and each must therefore say everything that holds for its files.
 *
 *     core < platform < engine < reads < http < the rooms of the domain < application
 *     within the engine: model < views < deciding < the files at its top, and model < storage
 */

/** Folders that others enter by their index.ts alone. */
export const LIBRARIES = ["core", "engine", "reads", "http"];
export const ROOMS = [
  ...["audit", "demo", "docs", "enrolments", "fhir", "messages", "operations", "pathways", "patients", "people"],
  ...["sites", "stream", "tasks", "timers"],
];
const MODULES = [...LIBRARIES, ...ROOMS];

/** Everything above each layer. */
const APPLICATION = ["app.module", "application", "cli", "entities", "main", "web"];
const ABOVE = {
  core: ["platform", "engine", "reads", "http", ...ROOMS, ...APPLICATION],
  platform: ["engine", "reads", "http", ...ROOMS, ...APPLICATION],
  engine: ["reads", "http", ...ROOMS, ...APPLICATION],
  reads: ["http", ...ROOMS, ...APPLICATION],
  http: [...ROOMS, ...APPLICATION],
  rooms: APPLICATION,
};

/**
 * Who may write past the engine, and so read past the gate, through the platform's `Transactions`: those who keep tables
 * of their own, and the sweeper, whose pages of overdue timers are read on the connection that holds its claims.
 */
export const WRITERS = [
  "src/http/administrative-keys.ts",
  ...["src/pathways/catalogue-registry.ts", "src/pathways/pathway-registry.ts"],
  ...["src/people/people.controller.ts", "src/people/people.seed.ts", "src/people/sessions.ts"],
  ...["src/sites/sites.controller.ts", "src/sites/sites.seed.ts"],
  ...["src/timers/timer-sweeper.ts", "src/timers/timers.module.ts"],
];

interface Pattern {
  group?: string[];
  regex?: string;
  importNames?: string[];
  allowImportNames?: string[];
  message: string;
}

/**
 * Later overrides replace earlier ones, so that the general stands before the particular. In one override the patterns
 * with exceptions (`!`) stand last: what one of them excepts is not asked about any further.
 */
export function overrides(): object[] {
  return [
    imports(["src/*.ts"], [...connections(), transactions(), face()]),
    // Where a process is put together, on connections that are opened for it.
    imports(["src/main.ts"], [...drivers(), transactions(), face()]),
    imports(["src/cli/**/*.ts"], [face()]),
    imports(["src/*/**/*.ts"], [above("rooms"), ...connections(), transactions(), face()], { except: ["src/cli/**"] }),
    imports(["src/*/*.schemas.ts"], [schemas()]),
    imports(["src/http/**/*.ts"], [above("http"), ...connections(), transactions(), face()], {
      except: ["src/http/*.schemas.ts"],
    }),
    ...WRITERS.map((file) =>
      imports([file], [above(file.startsWith("src/http/") ? "http" : "rooms"), ...connections(), face()]),
    ),
    imports(["src/platform/**/*.ts"], [above("platform"), face()]),
    imports(["src/engine/**/*.ts"], [above("engine"), ...connections(), transactions(), face()]),
    imports(["src/engine/assemble.ts", "src/engine/engine.module.ts"], [above("engine"), transactions(), face()]),
    imports(["src/reads/**/*.ts"], [above("reads"), ...connections(), transactions(), face()]),
    imports(["src/reads/reads.ts"], [above("reads"), transactions(), face()]),
    engine("model", []),
    engine("views", ["../model/**"]),
    engine("deciding", ["../model/**", "../views/**"]),
    engine("storage", ["../model/**", "../store.js", "../crash-points.js"]),
    engine("storage/entities", ["../../model/**"]),
    core(),
    {
      files: ["tests/**/*.ts", "tests/**/*.mjs"],
      rules: { "typescript/no-explicit-any": "off", "unicorn/no-thenable": "off" },
    },
  ];
}

function imports(files: string[], patterns: Pattern[], { except = [] as string[] } = {}): object {
  return {
    files,
    ...(except.length > 0 && { excludeFiles: except }),
    rules: { "eslint/no-restricted-imports": ["error", { patterns }] },
  };
}

/** Around a module's index.ts. */
function face(): Pattern {
  const modules = `{${MODULES.join(",")}}`;
  return {
    group: [`./${modules}/**`, `../**/${modules}/**`, `!**/${modules}/index.js`],
    message: "Only its index.ts is a module's public face.",
  };
}

function above(layer: keyof typeof ABOVE): Pattern {
  const names = ABOVE[layer].map((name) => name.replace(".", "\\."));
  return {
    regex: `^(\\.\\./)+(${names.join("|")})(/.*)?\\.js$`,
    message: "A layer imports only from itself and from what lies beneath it.",
  };
}

/** Between those who ask and the connections: whoever holds one writes past the engine, or reads past the gate. */
function connections(): Pattern[] {
  return [...drivers(), { regex: "/platform/(database|prepare-database)\\.js$", message: FOR_FEW }];
}

const FOR_FEW = "Connections are for the platform, the engine's storage and the gate of the reads.";
const OF_ENTITIES = ["Check", "Column", "Entity", "Index", "PrimaryColumn"];

function drivers(): Pattern[] {
  return [
    { group: ["typeorm"], allowImportNames: OF_ENTITIES, message: FOR_FEW },
    { group: ["typeorm/**", "pg", "pg/**", "pg-*"], message: FOR_FEW },
  ];
}

function transactions(): Pattern {
  return {
    regex: "/platform/transactions\\.js$",
    message: "Who reads goes through the gate; who writes tables of their own is named in the table of the layers.",
  };
}

/** A browser build takes them. */
function schemas(): Pattern {
  return {
    group: ["*", "!typebox", "!./*.schemas.js", "!../*/*.schemas.js", "!../core/index.js"],
    message: "Schemas import typebox, other schemas and the core: no framework, so that a browser may have them.",
  };
}

/** One folder of the engine, which imports from itself and from what it may take of its neighbours. */
function engine(folder: string, takes: string[]): object {
  const root = "../".repeat(folder.split("/").length + 1);
  const steps = folder.split("/").map((_, step) => "../".repeat(step + 1));
  const around: Pattern = {
    group: [
      ...steps.flatMap((step) => [`${step}*.js`, `${step}*/**`]),
      `!${root}**`,
      ...takes.map((path) => `!${path}`),
    ],
    message: "Within the engine: model < views < deciding < the files at its top, and model < storage.",
  };
  const patterns = [
    above("engine"),
    ...(folder.startsWith("storage") ? [] : connections()),
    transactions(),
    face(),
    around,
  ];
  return imports([`src/engine/${folder}/*.ts`], patterns);
}

const NO_CLOCK = "The core knows no clock: instants come in as arguments.";
const NEVER_WAITS = "The core never waits.";
const NO_IO = "The core has no I/O.";

const PURE_PACKAGES = ["xstate", "xstate/**", "@marcbachmann/**", "ajv", "ajv/**", "ajv-formats", "yaml"];

function core(): object {
  const pure = ["node:crypto", ...PURE_PACKAGES, "temporal-polyfill", "./**", "../**"];
  return {
    files: ["src/core/**/*.ts"],
    rules: {
      "eslint/no-restricted-imports": [
        "error",
        {
          paths: [
            { name: "node:crypto", allowImportNames: ["createHash"], message: "The core takes ids as arguments." },
          ],
          patterns: [
            { ...above("core"), message: "The core knows nothing around it." },
            {
              group: ["*", "node:*", ...pure.map((name) => `!${name}`)],
              message: "The core is pure: it imports xstate and small libraries only.",
            },
          ],
        },
      ],
      "eslint/no-restricted-globals": [
        "error",
        { name: "Date", message: NO_CLOCK },
        { name: "performance", message: NO_CLOCK },
        { name: "process", message: "The core knows no process." },
        { name: "setTimeout", message: NEVER_WAITS },
        { name: "setInterval", message: NEVER_WAITS },
        { name: "setImmediate", message: NEVER_WAITS },
        { name: "fetch", message: NO_IO },
        { name: "console", message: NO_IO },
        { name: "crypto", message: "The core takes ids as arguments." },
      ],
      "eslint/no-restricted-properties": [
        "error",
        {
          object: "Math",
          property: "random",
          message: "The core is deterministic: what varies comes in as arguments.",
        },
        { object: "Temporal", property: "Now", message: NO_CLOCK },
      ],
    },
  };
}
