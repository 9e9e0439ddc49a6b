/** What the suite must know of an agent to run it: data, and one function that writes its settings. */
import type { HubProtocol } from '../../gateway/protocols/codecs.ts';

export interface Agent {
  /** As the table shows it. */
  name: string;
  /** Exact version of a package of npm. */
  package: string;
  version: string;
  /** The package's command. */
  bin: string;
  /** The protocols it can be told to speak. */
  protocols: readonly HubProtocol[];
  /** Public id that it is told in place of the usual ones. */
  model?: string;
  /** As the audit log names it, by the protocol it speaks: not all say in their requests who they are. */
  tool: string | Readonly<Partial<Record<HubProtocol, string>>>;
  /** How one task is given to it. */
  launch(job: Job): Launch;
}

/** Where an agent is pointed to. */
export interface Door {
  /** Without a version, such as `http://127.0.0.1:7411/api`. */
  base: string;
  key: string;
}

/** One task for one run. */
export interface Job extends Door {
  protocol: HubProtocol;
  model: string;
  prompt: string;
  /** Absolute. */
  home: string;
}

export interface Launch {
  args: readonly string[];
  /** Beside HOME, PATH and the like, which every agent gets; see `environment`. */
  env?: Readonly<Record<string, string>>;
  /** Settings by their path below HOME. What is no text is written as JSON. */
  files?: Readonly<Record<string, string | object>>;
}
