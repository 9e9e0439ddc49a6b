import type { Effort, Modality, ModelFacts } from '../../protocols/model-facts.ts';

/** Models that share what is known of them. What is left out nobody could prove. */
export interface Family {
  /** As their makers write them, with `-` in versions; known with a date, `latest` or a variant behind them, too. */
  names: readonly string[];
  facts: Partial<ModelFacts>;
}

export const TEXT: readonly Modality[] = ['text'];
export const TEXT_IMAGE: readonly Modality[] = ['text', 'image'];
export const TEXT_IMAGE_PDF: readonly Modality[] = ['text', 'image', 'pdf'];

export const NO_EFFORT: readonly Effort[] = [];
export const LOW_TO_HIGH: readonly Effort[] = ['low', 'medium', 'high'];
export const LOW_TO_XHIGH: readonly Effort[] = [...LOW_TO_HIGH, 'xhigh'];
export const LOW_TO_MAX: readonly Effort[] = [...LOW_TO_XHIGH, 'max'];
