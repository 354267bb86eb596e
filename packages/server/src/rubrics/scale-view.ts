import type { ScaleView } from '@leeway/contract/rubrics'
import type { Scale } from '@leeway/core/rubrics/scale'

export function scaleView(scale: Scale): ScaleView {
  return scale.kind === 'ordinal' ? { kind: 'ordinal', levels: [...scale.levels] } : scale
}
