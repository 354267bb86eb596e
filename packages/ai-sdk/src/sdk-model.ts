/** The shapes of the SDK's model interface that the gate reads, as `ai` has them. */
import type { LanguageModelMiddleware } from 'ai'

type WrapGenerate = NonNullable<LanguageModelMiddleware['wrapGenerate']>
type WrapStream = NonNullable<LanguageModelMiddleware['wrapStream']>

export type Model = Parameters<WrapGenerate>[0]['model']
export type CallOptions = Parameters<WrapGenerate>[0]['params']
export type Generated = Awaited<ReturnType<WrapGenerate>>
export type Streamed = Awaited<ReturnType<WrapStream>>
export type StreamPart = Streamed['stream'] extends ReadableStream<infer Part> ? Part : never
export type Content = Generated['content'][number]
export type ToolCall = Extract<Content, { readonly type: 'tool-call' }>
export type Usage = Generated['usage']
export type Prompt = CallOptions['prompt']
