/**
 * Workers take one test file after the other: what a file started ends with it.
 *
 * @module
 */
import { afterAll } from "vitest";
import { endCommands } from "../main-job/command-line.ts";

afterAll(endCommands);
