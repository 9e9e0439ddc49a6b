/** What older Gemini models differ in. The SDK's own catalogue knows the levels of the newer ones. */

export interface GeminiModel {
  /**
   * How thinking is asked for: by a level, as since Gemini 3; by a number of tokens; or not at all.
   * https://ai.google.dev/gemini-api/docs/thinking
   */
  thinking: 'level' | { least: number; most: number; off: boolean } | null;
  /** Takes a JSON answer and tools in one request. */
  jsonBesideTools: boolean;
  /** Fetches files by their address: https://ai.google.dev/gemini-api/docs/file-input-methods */
  fetchesFiles: boolean;
}

const NEWEST: GeminiModel = { thinking: 'level', jsonBesideTools: true, fetchesFiles: true };
const GEMINI_2_5: GeminiModel = { ...NEWEST, jsonBesideTools: false };
const OLDER: GeminiModel = { thinking: null, jsonBesideTools: false, fetchesFiles: false };

/** The first that matches counts; what matches none is taken for new. */
const MODELS: readonly (readonly [name: RegExp, model: GeminiModel])[] = [
  [/gemini-2\.5-flash-(?:image|preview-tts|native-audio)/, { ...GEMINI_2_5, thinking: null }],
  [/gemini-2\.5-pro-preview-tts/, { ...GEMINI_2_5, thinking: null }],
  [/gemini-2\.5-pro/, { ...GEMINI_2_5, thinking: { least: 128, most: 32_768, off: false } }],
  [/gemini-2\.5-flash-lite/, { ...GEMINI_2_5, thinking: { least: 512, most: 24_576, off: true } }],
  [
    /gemini-2\.5-flash|gemini-robotics-er-1\.5/,
    { ...GEMINI_2_5, thinking: { least: 1, most: 24_576, off: true } },
  ],
  [/gemini-3-pro-image|nano-banana/, { ...NEWEST, thinking: null }],
  [/gemini-[12](?:\D|$)|gemini-pro(?:-vision)?$|gemma|learnlm/, OLDER],
  // Another name, as of a tuned model on Vertex, tells no generation; a number of tokens is taken by all.
  [/^(?!(?:.*\/)?gemini-)/, { ...NEWEST, thinking: { least: 1, most: 24_576, off: true } }],
];

/** @param name with or without a path before it, such as `publishers/google/models/` */
export function geminiModel(name: string): GeminiModel {
  const lower = name.toLowerCase();
  return MODELS.find(([pattern]) => pattern.test(lower))?.[1] ?? NEWEST;
}
