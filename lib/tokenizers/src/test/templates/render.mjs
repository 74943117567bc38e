// Renders the cases of a file with npm's @huggingface/jinja; see README.md.
import { Template } from "@huggingface/jinja";
import fs from "node:fs";
import path from "node:path";

const here = import.meta.dirname;
const resources = path.join(here, "../resources/chat-templates");
const families = path.join(here, "../../main/resources/io/tributary/tokenizers/chat-templates");
const name = process.argv[2];

function source(test) {
  if (test.template !== undefined) {
    return test.template;
  }
  const own = path.join(resources, test.file);
  return fs.readFileSync(fs.existsSync(own) ? own : path.join(families, test.file), "utf8");
}

function result(test) {
  try {
    return { text: new Template(source(test)).render({ ...test.variables, ...test.constants }) };
  } catch (failure) {
    return { error: failure.message };
  }
}

const cases = JSON.parse(fs.readFileSync(path.join(resources, name + ".json"), "utf8"));
const results = JSON.stringify(cases.map(result), null, 1) + "\n";
if (process.argv[3] === "--print") {
  process.stdout.write(results);
} else {
  fs.writeFileSync(path.join(resources, name + ".expected.json"), results);
}
