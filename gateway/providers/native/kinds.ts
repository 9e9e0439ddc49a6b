/** Services with a protocol of their own that the AI SDK speaks. */
export type NativeKind = 'google' | 'bedrock' | 'vertex';
