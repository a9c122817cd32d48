/**
 * The fields of LiteLLM's price catalogue that have a place in our contracts.
 *
 * @see https://github.com/BerriAI/litellm, `model_prices_and_context_window.json` (its `sample_spec` describes the fields).
 * @module
 */

/** The capability that each mode of the catalogue stands for. */
export const MODES: Readonly<Record<string, string>> = {
  audio_speech: "audio.speech",
  audio_transcription: "audio.transcription",
  chat: "chat",
  completion: "completion",
  embedding: "embedding",
  guardrail: "moderation",
  image_edit: "image.edit",
  image_generation: "image.generation",
  moderation: "moderation",
  ocr: "ocr",
  realtime: "realtime",
  rerank: "rerank",
  responses: "chat",
  search: "search",
  vector_store: "vector-store",
  video_generation: "video.generation",
};

const BASIC: readonly (readonly [field: string, unit: string])[] = [
  ["input_cost_per_token", "input-token"],
  ["output_cost_per_token", "output-token"],
  ["cache_read_input_token_cost", "cached-input-token"],
  ["cache_creation_input_token_cost", "cache-write-token"],
  ["cache_creation_input_token_cost_above_1hr", "cache-write-hour-token"],
  ["cache_creation_input_audio_token_cost", "cache-write-audio-token"],
  ["cache_read_input_audio_token_cost", "cached-input-audio-token"],
  ["output_cost_per_reasoning_token", "reasoning-token"],
  ["input_cost_per_audio_token", "input-audio-token"],
  ["output_cost_per_audio_token", "output-audio-token"],
  ["input_cost_per_image_token", "input-image-token"],
  ["output_cost_per_image_token", "output-image-token"],
  ["input_cost_per_character", "input-character"],
  ["output_cost_per_character", "output-character"],
  ["input_cost_per_image", "input-image"],
  ["output_cost_per_image", "output-image"],
  ["input_cost_per_pixel", "input-pixel"],
  ["output_cost_per_pixel", "output-pixel"],
  ["input_cost_per_second", "input-second"],
  ["output_cost_per_second", "output-second"],
  ["input_cost_per_audio_per_second", "input-audio-second"],
  ["input_cost_per_video_per_second", "input-video-second"],
  ["output_cost_per_video_per_second", "output-video-second"],
  ["input_cost_per_request", "request"],
  ["input_cost_per_query", "query"],
  ["ocr_cost_per_page", "page"],
  ["annotation_cost_per_page", "annotated-page"],
  ["code_interpreter_cost_per_session", "code-interpreter-session"],
  ["vector_store_cost_per_gb_per_day", "vector-store-gb-day"],
  ["file_search_cost_per_gb_per_day", "file-search-gb-day"],
];

/** What is asked for under another quality of service is another unit: a request that counts none of it pays none of it. */
const QUALITIES: readonly (readonly [suffix: string, prefix: string])[] = [
  ["", ""],
  ["_batches", "batch-"],
  ["_flex", "flex-"],
  ["_priority", "priority-"],
];

/** Price fields and the unit that each one prices. */
export const PRICE_FIELDS: ReadonlyMap<string, string> = new Map(
  QUALITIES.flatMap(([suffix, prefix]) =>
    BASIC.filter(([, unit]) => prefix === "" || unit.endsWith("-token")).map(
      ([field, unit]) => [`${field}${suffix}`, `${prefix}${unit}`] as const,
    ),
  ),
);

/** `supports_*` fields that are a capability when true. Any other is the trait `supports.*`, true or false. */
export const SUPPORTS: ReadonlyMap<string, string> = new Map([
  ["supports_assistant_prefill", "assistant-prefill"],
  ["supports_audio_input", "input.audio"],
  ["supports_audio_output", "output.audio"],
  ["supports_computer_use", "computer-use"],
  ["supports_function_calling", "function-calling"],
  ["supports_image_input", "input.image"],
  ["supports_native_streaming", "streaming"],
  ["supports_parallel_function_calling", "parallel-function-calling"],
  ["supports_pdf_input", "input.pdf"],
  ["supports_prompt_caching", "prompt-caching"],
  ["supports_reasoning", "reasoning"],
  ["supports_response_schema", "response-schema"],
  ["supports_system_messages", "system-messages"],
  ["supports_tool_choice", "tool-choice"],
  ["supports_url_context", "url-context"],
  ["supports_video_input", "input.video"],
  ["supports_vision", "input.image"],
  ["supports_web_search", "web-search"],
]);
