// Reads manifests and checks each object against its schema: node objects.mjs FILE... prints
// [{file, objects: [{object, problems}]}] as JSON. A field that the schema does not know is a problem too.
import { readFile } from "node:fs/promises";
import { parseAllDocuments } from "yaml";

const custom = {
  "keda.sh": "@kubernetes-models/keda",
  "monitoring.coreos.com": "@kubernetes-models/prometheus-operator",
  "cert-manager.io": "@kubernetes-models/cert-manager",
};

async function modelOf({ apiVersion, kind }) {
  const group = apiVersion.includes("/") ? apiVersion.split("/")[0] : "";
  const module = await import(`${custom[group] ?? "kubernetes-models"}/${apiVersion}/${kind}`);
  return module[kind];
}

// The validators look at every field that a schema has. What they never looked at, beside what they did, is none of its fields.
function recording(value, path, seen) {
  return new Proxy(value, {
    get(target, key) {
      const found = Reflect.get(target, key);
      if (typeof key === "symbol" || !(Object.hasOwn(target, key) || found === undefined)) return found;
      if (!seen.has(path)) seen.set(path, { value: target, keys: new Set() });
      seen.get(path).keys.add(key);
      return found !== null && typeof found === "object" ? recording(found, `${path}/${key}`, seen) : found;
    },
  });
}

async function problemsOf(object) {
  let Model;
  try {
    Model = await modelOf(object);
  } catch {
    return [`there is no schema for ${object.apiVersion} ${object.kind}`];
  }

  const seen = new Map();
  const problems = [];
  try {
    Model.prototype.validate.call(recording(new Model(object), "", seen));
  } catch (error) {
    problems.push(error.message);
  }

  for (const [path, { value, keys }] of seen) {
    if (Array.isArray(value)) continue;
    for (const key of Object.keys(value)) {
      // The schemas' generator takes every "description" for documentation, also the one field that is called so.
      if (!keys.has(key) && !(object.kind === "PriorityClass" && key === "description")) problems.push(`${path}/${key} is not known`);
    }
  }

  return problems;
}

async function objectsOf(file) {
  const objects = [];
  for (const document of parseAllDocuments(await readFile(file, "utf8"), { version: "1.1", merge: false, uniqueKeys: true })) {
    if (document.errors.length > 0) throw new Error(`${file}: ${document.errors[0].message}`);
    const object = document.toJS();
    if (object !== null) objects.push({ object, problems: await problemsOf(object) });
  }

  return { file, objects };
}

console.log(JSON.stringify(await Promise.all(process.argv.slice(2).map(objectsOf))));
