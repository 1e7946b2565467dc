import { findPulumi } from "./cli";
import { dynamicHost } from "./dynamic";
import { estate } from "./estate";
import { everyday } from "./everyday";
import { functions } from "./functions";
import { mainJob } from "./mainJob";
import { repositories } from "./repository";
import { sameRequests } from "./sameRequests";
import { waiting } from "./waiting";

const cli = findPulumi();

if (cli === undefined) {
  test.skip("the real Pulumi CLI: pulumi was not found on PATH", () =>
    undefined);
} else {
  jest.setTimeout(240_000);
  describe("the main job", () => mainJob(cli));
  describe("every day", () => everyday(cli));
  describe("a repository", () => repositories(cli));
  describe("functions", () => functions(cli));
  describe("an estate", () => estate(cli));
  describe("waiting", () => waiting(cli));
  describe("the dynamic host", () => dynamicHost(cli));
  describe("the small engine", () => sameRequests(cli));
}
