import type { App } from "./app-type.ts";

/** Which verbs a path takes. */
export interface KnownPaths {
  /** Verbs of every route that fits the path, in order; empty for a path that no route has. */
  verbsOf(path: string): string[];
}

/** Collects the routes that are registered from now on. */
export function collectPaths(app: App): KnownPaths {
  const routes: { pattern: RegExp; verbs: readonly string[] }[] = [];
  app.addHook("onRoute", ({ url, method }) => {
    routes.push({ pattern: patternOf(url), verbs: Array.isArray(method) ? method : [method] });
  });
  return {
    verbsOf(path) {
      const bare = path.replace(/(?<=.)\/$/, "");
      const fitting = routes.filter(({ pattern }) => pattern.test(bare));
      return [...new Set(fitting.flatMap(({ verbs }) => verbs))].toSorted();
    },
  };
}

/** "/v1/deals/:deal" -> /^\/v1\/deals\/[^/]+$/ */
function patternOf(url: string): RegExp {
  const parts = url.replace(/(?<=.)\/$/, "").split("/");
  const patterns = parts.map((part) => {
    if (part.startsWith(":")) return "[^/]+";
    return part === "*" ? ".*" : part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  });
  return new RegExp(`^${patterns.join("/")}$`);
}
