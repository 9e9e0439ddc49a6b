/** What a scripted service must know of one of its routes. */
import type { Framing } from './framing.ts';
import type { Body, Refusal } from './refusal.ts';
import type { ScriptedError } from './reply.ts';
import type { ProtocolEvent, RenderedTurn, Turn } from './turn.ts';

export interface Route {
  render(turn: Turn, body: Body): RenderedTurn;
  /** Whether the request asks for a stream. */
  streams(body: Body): boolean;
  framing: Framing;
  /** On every answer. */
  headers: Record<string, string>;
  /** The error event of a stream that has begun. */
  errorEvent(error: ScriptedError, eventsBefore: number, body: Body): ProtocolEvent;
  /** What the service says with a status when the script gives no body. */
  usualError(status: number, message: string | undefined): Refusal;
}
